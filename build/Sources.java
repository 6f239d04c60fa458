import com.google.googlejavaformat.java.Formatter;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Checks every source file of the project: google-java-format, and the sizes a reader can hold. Run
 * by the build with {@code check ROOT}; {@code write ROOT} formats the files instead.
 */
final class Sources {

  private static final int MOST_LINES_IN_A_FILE = 500;
  private static final int MOST_LINES_IN_A_METHOD = 70;
  private static final int MOST_PARAMETERS = 5;

  private final List<String> findings = new ArrayList<>();
  private final Path root;

  private Sources(Path root) {
    this.root = root;
  }

  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    var sources = new Sources(Path.of(args[1]));
    List<Path> files = sources.files();
    if (files.isEmpty()) {
      throw new IOException("no source file below " + args[1]);
    }
    sources.format(files, write);
    sources.measure(files);
    sources.findings.forEach(System.err::println);
    if (!sources.findings.isEmpty()) {
      System.err.println(
          sources.findings.size() + " findings in " + files.size() + " source files");
      System.exit(1);
    }
  }

  private List<Path> files() throws IOException {
    try (var paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !root.relativize(path).toString().contains("target/"))
          .sorted()
          .toList();
    }
  }

  private void format(List<Path> files, boolean write) throws IOException {
    var formatter = new Formatter();
    for (Path file : files) {
      String source = Files.readString(file);
      String formatted;
      try {
        formatted = formatter.formatSourceAndFixImports(source);
      } catch (Exception e) {
        findings.add(root.relativize(file) + ": cannot be formatted: " + e.getMessage());
        continue;
      }
      if (formatted.equals(source)) {
        continue;
      }
      if (write) {
        Files.writeString(file, formatted);
      } else {
        findings.add(
            root.relativize(file)
                + ": not formatted; mvn -q -pl . process-sources -Dsources.mode=write does it");
      }
    }
  }

  private void measure(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null, manager, _ -> {}, null, null, manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        String name = root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
        long lines = unit.getSourceFile().getCharContent(true).toString().lines().count();
        if (lines > MOST_LINES_IN_A_FILE) {
          findings.add(name + ": " + lines + " lines, at most " + MOST_LINES_IN_A_FILE);
        }
        new MethodMeasure(name, unit, positions).scan(unit, null);
      }
    }
  }

  private final class MethodMeasure extends TreePathScanner<Void, Void> {
    private final String file;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;

    MethodMeasure(String file, CompilationUnitTree unit, SourcePositions positions) {
      this.file = file;
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      BlockTree body = method.getBody();
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      boolean ofRecord = parent instanceof ClassTree type && type.getKind() == Tree.Kind.RECORD;
      boolean constructor = method.getName().contentEquals("<init>");
      if (method.getParameters().size() > MOST_PARAMETERS && !(ofRecord && constructor)) {
        findings.add(
            file
                + ": "
                + method.getName()
                + " has "
                + method.getParameters().size()
                + " parameters, at most "
                + MOST_PARAMETERS);
      }
      if (body != null) {
        long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
        long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
        if (last - first + 1 > MOST_LINES_IN_A_METHOD) {
          findings.add(
              file
                  + ": "
                  + method.getName()
                  + " has "
                  + (last - first + 1)
                  + " lines, at most "
                  + MOST_LINES_IN_A_METHOD);
        }
      }
      return super.visitMethod(method, null);
    }
  }
}
