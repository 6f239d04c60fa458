package io.quorate.faults.toxic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Gives tests the one Toxiproxy of this JVM. Where there can be none, their class is skipped, and
 * one line says so.
 */
final class NeedsToxiproxy implements BeforeAllCallback, ParameterResolver {

  private static final Namespace OURS = Namespace.create(NeedsToxiproxy.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    Optional<String> missing = ToxiproxyServer.missing();
    if (missing.isPresent()) {
      String line = "NOT RUN: " + context.getDisplayName() + ": " + missing.get();
      System.out.println(line);
      throw new TestAbortedException(line);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ToxiproxyServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // The store closes it when the last test of all classes has ended, whatever came of them.
    return context
        .getRoot()
        .getStore(OURS)
        .computeIfAbsent(
            ToxiproxyServer.class,
            _ -> {
              try {
                return ToxiproxyServer.start();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            ToxiproxyServer.class);
  }
}
