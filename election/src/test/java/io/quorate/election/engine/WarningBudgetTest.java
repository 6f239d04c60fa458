package io.quorate.election.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WarningBudgetTest {
  private final WarningBudget budget = new WarningBudget();

  @Test
  void a_flood_of_one_kind_is_cut_and_hides_no_other_kind() {
    int told = 0;
    for (int i = 0; i < 1000; i++) {
      told += budget.admits("flood") ? 1 : 0;
    }
    assertEquals(WarningBudget.PER_CODE, told);
    assertTrue(budget.admits("other"));
    assertEquals(1000 - WarningBudget.PER_CODE, budget.endSpell());
  }

  @Test
  void after_a_spell_warnings_are_told_again() {
    assertFalse(budget.isInSpell());
    for (int i = 0; i <= WarningBudget.PER_CODE; i++) {
      budget.admits("a");
    }
    assertTrue(budget.isInSpell());
    budget.endSpell();
    assertFalse(budget.isInSpell());
    assertTrue(budget.admits("a"));
    assertEquals(0, budget.endSpell());
  }

  @Test
  void endless_new_kinds_share_one_budget() {
    int told = 0;
    for (int i = 0; i < 1000; i++) {
      told += budget.admits("kind " + i) ? 1 : 0;
    }
    assertEquals(WarningBudget.MAX_CODES + WarningBudget.PER_CODE, told);
  }
}
