package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShapeTest {

  private static List<Integer> connected(Shape shape, int of) {
    return IntStream.range(0, of).map(place -> shape.connected(of, place)).boxed().toList();
  }

  @Test
  void eachPlaceHasItsLinks() {
    assertEquals(List.of(2, 5, 4, 4, 4), connected(Shape.ONE_WITH_ONE, 5));
    assertEquals(List.of(3, 3, 3, 3, 3), connected(Shape.RING, 5));
    assertEquals(List.of(3, 3, 5, 3, 3), connected(Shape.BRIDGE, 5));
    assertEquals(List.of(2, 3, 3, 3, 2), connected(Shape.CHAIN, 5));
    assertEquals(List.of(5, 2, 2, 2, 2), connected(Shape.HUB, 5));
    assertEquals(List.of(2, 2, 3, 3, 3), connected(Shape.ONE_WAY_SPLIT, 5));
    assertEquals(List.of(1, 1, 1, 1, 1), connected(Shape.ONE_WAY_RING, 5));
  }

  @Test
  void whoIsLinkedWithAQuorumCanLead() {
    for (Shape shape : Shape.values()) {
      for (int of : List.of(3, 5)) {
        assertEquals(shape != Shape.ONE_WAY_RING, shape.canBeLed(of), () -> shape + " of " + of);
      }
    }
  }
}
