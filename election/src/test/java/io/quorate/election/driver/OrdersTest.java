package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.election.Revocation;
import io.quorate.election.engine.Input;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OrdersTest {
  private final Orders orders = new Orders();

  @Test
  void they_are_carried_out_in_their_order_and_once() {
    List<Input> given =
        List.of(
            new Input.Confirm(1, 1),
            new Input.Persisted(),
            new Input.TermEnded(1),
            new Input.Confirm(1, 2),
            new Input.GiveUp(2, new Revocation.Resigned()),
            new Input.TermEnded(2),
            new Input.LookAgain(),
            new Input.Leave());
    given.forEach(orders::add);
    assertEquals(given, drained());
    assertEquals(List.of(), drained());
  }

  @Test
  void of_those_that_mean_the_same_the_last_one_counts() {
    orders.add(new Input.Eligible(false));
    orders.add(new Input.HandOff(Optional.empty(), Duration.ZERO));
    orders.add(new Input.Eligible(true));
    orders.add(new Input.HandOff(Optional.of(ServerId.of(2)), Duration.ZERO));
    assertEquals(
        List.of(
            new Input.Eligible(true),
            new Input.HandOff(Optional.of(ServerId.of(2)), Duration.ZERO)),
        drained());
  }

  @Test
  void the_first_cause_of_an_end_stays() {
    orders.add(new Input.GiveUp(2, new Revocation.TaskFailed(new IllegalStateException("it"))));
    orders.add(new Input.GiveUp(2, new Revocation.Resigned()));
    orders.add(new Input.GiveUp(3, new Revocation.Resigned()));
    List<Input> given = drained();
    assertEquals(2, given.size());
    assertEquals(Revocation.TaskFailed.class, ((Input.GiveUp) given.getFirst()).why().getClass());
  }

  @Test
  void what_is_not_ordered_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> orders.add(new Input.Start()));
  }

  private List<Input> drained() {
    var all = new ArrayList<Input>();
    for (var next = orders.poll(); next != null; next = orders.poll()) {
      all.add(next);
    }
    return all;
  }
}
