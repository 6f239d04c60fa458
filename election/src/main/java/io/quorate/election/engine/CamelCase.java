package io.quorate.election.engine;

import java.util.Locale;

/** How counters and warnings are named to the outside. */
public final class CamelCase {
  private CamelCase() {}

  /**
   * Returns the name of a constant in camel case.
   *
   * @param constant such as LINK_UP
   * @return such as linkUp
   */
  public static String of(Enum<?> constant) {
    var name = new StringBuilder();
    for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }
}
