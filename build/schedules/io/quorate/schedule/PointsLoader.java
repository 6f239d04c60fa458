package io.quorate.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/**
 * Loads our classes once more, and some of them with a {@link World#point} before each use of a
 * field or a method. All others are as they were compiled.
 */
final class PointsLoader extends ClassLoader {
  private static final String OURS = "io.quorate.";
  private static final String NEVER = World.class.getPackageName() + ".";
  private static final ClassDesc WORLD = ClassDesc.of(World.class.getName());
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

  static {
    registerAsParallelCapable();
  }

  private final Set<String> withPoints;

  /**
   * Starts with no class loaded.
   *
   * @param withPoints names of classes; those that they contain are meant too
   */
  PointsLoader(ClassLoader parent, Set<String> withPoints) {
    super("points", parent);
    this.withPoints = Set.copyOf(withPoints);
    // So that what is loaded here may use the world, which is not loaded here.
    World.class.getModule().addExports(World.class.getPackageName(), getUnnamedModule());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS) || name.startsWith(NEVER)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] compiled = in.readAllBytes();
      int inner = name.indexOf('$');
      String outer = inner < 0 ? name : name.substring(0, inner);
      byte[] bytes = withPoints.contains(outer) ? addPoints(compiled) : compiled;
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] addPoints(byte[] compiled) {
    var classFile =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(getParent())
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    var model = classFile.parse(compiled);
    // A class begins in one schedule only: a point there would make that one another.
    if (model
        .superclass()
        .filter(above -> above.asSymbol().equals(ConstantDescs.CD_Enum))
        .isPresent()) {
      return compiled;
    }
    var transform =
        ClassTransform.transformingMethodBodies(
            method -> !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
            PointsLoader::addPoint);
    return classFile.transformClass(model, transform);
  }

  private static void addPoint(CodeBuilder code, CodeElement element) {
    if (element instanceof FieldInstruction || element instanceof InvokeInstruction) {
      code.invokestatic(WORLD, "point", NOTHING);
    }
    code.with(element);
  }
}
