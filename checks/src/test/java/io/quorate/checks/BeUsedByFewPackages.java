package io.quorate.checks;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.TreeSet;

/** A class is used by few packages other than its own. */
final class BeUsedByFewPackages extends ArchCondition<JavaClass> {
  private final int most;

  private BeUsedByFewPackages(int most) {
    super("be used by at most " + most + " other packages");
    this.most = most;
  }

  static BeUsedByFewPackages atMost(int most) {
    return new BeUsedByFewPackages(most);
  }

  @Override
  public void check(JavaClass used, ConditionEvents events) {
    Set<String> packages = new TreeSet<>();
    for (Dependency dependency : used.getDirectDependenciesToSelf()) {
      packages.add(dependency.getOriginClass().getPackageName());
    }
    packages.remove(used.getPackageName());
    if (packages.size() > most) {
      String message = used.getName() + " is used by " + packages.size() + ": " + packages;
      events.add(SimpleConditionEvent.violated(used, message));
    }
  }
}
