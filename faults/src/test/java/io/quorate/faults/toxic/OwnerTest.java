package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class OwnerTest {

  @Test
  void thisProcessLives() {
    assertTrue(Owner.parse(Owner.ofThisProcess().toString()).lives());
  }

  @Test
  void anEarlierOneOfTheSameIdDoesNot() {
    Owner ours = Owner.ofThisProcess();
    assertFalse(Owner.parse(new Owner(ours.pid(), ours.since() - 1).toString()).lives());
  }

  @Test
  void whatNobodyOfUsWroteIsNobodys() {
    assertFalse(Owner.parse("").lives());
    assertFalse(Owner.parse(null).lives());
    assertFalse(Owner.parse("somebody").lives());
  }
}
