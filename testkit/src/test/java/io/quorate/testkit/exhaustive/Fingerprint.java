package io.quorate.testkit.exhaustive;

import io.quorate.election.ElectionTimings;
import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.engine.EngineConfig;
import io.quorate.election.spi.ElectionContext;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.MessageCodec;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells apart what objects have in their fields, by 128 bits: of an object of ours all fields, of a
 * collection what it contains. Two that are equal here will do the same from now on.
 */
final class Fingerprint {

  /**
   * What objects come to.
   *
   * @param high half of it
   * @param low the other half
   */
  record Print(long high, long low) {}

  private static final String OURS = "io.quorate.";

  /** A new list of these replaces the last one at each step. */
  private static final String LAST_ANSWER = "java.util.List<io.quorate.election.engine.Output>";

  /** The same for a server in all states, or only there to save time. */
  private static final List<Class<?>> LEFT_OUT =
      List.of(
          EngineConfig.class,
          ElectionContext.class,
          QuorumVerifier.class,
          ElectionTimings.class,
          LeaseTimings.class,
          ConfigText.class,
          MessageCodec.class);

  private static final Map<Class<?>, Plan> PLANS = new HashMap<>();

  /** The fields of a class that count; empty for one that is left out. */
  private record Plan(int name, boolean isValue, List<Field> fields) {}

  private final IdentityHashMap<Object, Integer> met = new IdentityHashMap<>();
  private long high = 0x243f_6a88_85a3_08d3L;
  private long low = 0x1319_8a2e_0370_7344L;

  private Fingerprint() {}

  static Print of(Object root) {
    var made = new Fingerprint();
    made.visit(root);
    return new Print(made.high, made.low);
  }

  /** Scatters the bits of a number; no two come to the same. */
  static long mix(long number) {
    long mixed = number + 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ mixed >>> 31;
  }

  private void put(long number) {
    high = mix(high ^ number);
    low = mix(low + 0x632b_e59b_d9b4_e019L * number) ^ high;
  }

  private void visit(@Nullable Object it) {
    switch (it) {
      case null -> put(1);
      case Long number -> put(number);
      case Integer number -> put(number);
      case Boolean yes -> put(yes ? 3 : 2);
      case String text -> text(text);
      case Enum<?> constant -> {
        put(constant.getDeclaringClass().getName().hashCode());
        text(constant.name());
      }
      case Duration time -> put(time.toNanos());
      case Optional<?> maybe -> visit(maybe.orElse(null));
      case Map<?, ?> map -> map(map);
      case Collection<?> some -> collection(some);
      default -> object(it);
    }
  }

  private void text(String text) {
    put(text.length());
    text.chars().forEach(this::put);
  }

  private void map(Map<?, ?> map) {
    put(map.size());
    if (map instanceof SequencedMap<?, ?>) {
      map.forEach(
          (key, value) -> {
            visit(key);
            visit(value);
          });
    } else {
      unordered(map.entrySet().stream().map(it -> List.of(it.getKey(), it.getValue())).toList());
    }
  }

  private void collection(Collection<?> some) {
    put(some.size());
    if (some instanceof SequencedCollection<?>) {
      some.forEach(this::visit);
    } else if (some instanceof Set<?>) {
      unordered(some);
    } else {
      throw new IllegalStateException("in which order is " + some.getClass());
    }
  }

  /** Whatever their order: the sum of what each comes to. */
  private void unordered(Collection<?> some) {
    long highs = 0;
    long lows = 0;
    for (Object one : some) {
      Print print = of(one);
      highs += print.high();
      lows += print.low();
    }
    put(highs);
    put(lows);
  }

  private void object(Object it) {
    Plan plan = PLANS.computeIfAbsent(it.getClass(), Fingerprint::plan);
    put(plan.name());
    if (!plan.isValue()) {
      Integer before = met.putIfAbsent(it, met.size());
      if (before != null) {
        put(before);
        return;
      }
    }
    for (Field field : plan.fields()) {
      try {
        visit(field.get(it));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("the package is open to us", e);
      }
    }
  }

  private static Plan plan(Class<?> type) {
    var fields = new ArrayList<Field>();
    boolean leftOut =
        type.isHidden() || LEFT_OUT.stream().anyMatch(it -> it.isAssignableFrom(type));
    if (!leftOut) {
      if (!type.getName().startsWith(OURS)) {
        throw new IllegalStateException("what is in " + type);
      }
      for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
        for (Field field : at.getDeclaredFields()) {
          if (counts(field)) {
            field.setAccessible(true);
            fields.add(field);
          }
        }
      }
      fields.sort(Comparator.comparing(Field::getName));
    }
    int name = leftOut ? 0 : type.getName().hashCode();
    return new Plan(name, leftOut || type.isRecord(), List.copyOf(fields));
  }

  private static boolean counts(Field field) {
    return !Modifier.isStatic(field.getModifiers())
        && !field.isSynthetic()
        && !field.getGenericType().getTypeName().equals(LAST_ANSWER);
  }
}
