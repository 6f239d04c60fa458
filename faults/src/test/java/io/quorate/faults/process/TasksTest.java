package io.quorate.faults.process;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class TasksTest {

  @Test
  void aThreadIsSeenByItsNameAndWhereItWaits() throws Exception {
    var begun = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .name("quorate-9-store")
            .start(
                () -> {
                  begun.countDown();
                  LockSupport.park();
                });
    begun.await();
    long pid = ProcessHandle.current().pid();
    try {
      assertTrue(Tasks.names(pid).contains("quorate-9-store"));
      assertTrue(Tasks.describe(pid).contains("; quorate-9-store "));
    } finally {
      LockSupport.unpark(thread);
      thread.join();
    }
    assertThrows(IOException.class, () -> Tasks.names(Long.MAX_VALUE));
  }
}
