package io.quorate.schedule;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * Virtual threads whose turns an executor of ours runs. The JDK has a constructor for that and does
 * not show it: the tests' command line opens java.lang.
 */
final class Carriers {
  private static final Constructor<?> BUILDER = constructor();

  private Carriers() {}

  private static Constructor<?> constructor() {
    try {
      var constructor =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return constructor;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK makes no virtual threads of this kind", e);
    }
  }

  static Thread.Builder.OfVirtual builder(Executor carrier) {
    try {
      return (Thread.Builder.OfVirtual) BUILDER.newInstance(carrier);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
