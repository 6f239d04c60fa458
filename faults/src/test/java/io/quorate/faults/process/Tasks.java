package io.quorate.faults.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of another process, as the kernel tells of them. */
final class Tasks {

  private Tasks() {}

  /** Returns the names of its threads, as far as the kernel keeps them: 15 characters. */
  static List<String> names(long pid) throws IOException {
    return each(pid).map(task -> read(task, "comm")).toList();
  }

  /** Returns each thread's name, where in the kernel it waits, and its system call; for people. */
  static String describe(long pid) throws IOException {
    List<String> tasks =
        each(pid)
            .map(task -> read(task, "comm") + " " + read(task, "wchan") + " " + call(task))
            .toList();
    return "process " + pid + ": " + String.join("; ", tasks);
  }

  private static String call(Path task) {
    return read(task, "syscall").replaceAll(" .*", "");
  }

  private static Stream<Path> each(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks.toList().stream();
    }
  }

  /** It may have ended meanwhile. */
  private static String read(Path task, String name) {
    try {
      return Files.readString(task.resolve(name)).strip();
    } catch (IOException _) {
      return "";
    }
  }
}
