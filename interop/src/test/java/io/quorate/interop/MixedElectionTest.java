package io.quorate.interop;

import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.zookeeper.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One server of ours among real ones, in every position of the ids and every order of starting. */
@Execution(CONCURRENT)
final class MixedElectionTest {
  private static final long SEED = 20260101;

  /** Which server is ours, and in which order they start. */
  record Start(long ours, List<Long> order) {
    @Override
    public String toString() {
      return "ours is " + ours + ", started " + order;
    }
  }

  static Stream<Start> ordersOfThree() {
    return LongStream.rangeClosed(1, 3)
        .boxed()
        .flatMap(ours -> permutations(3).map(order -> new Start(ours, order)));
  }

  /** Each id and each place in the order is ours once; the others start in a shuffled order. */
  static Stream<Start> placesOfFive() {
    var random = new Random(SEED);
    return LongStream.rangeClosed(1, 5)
        .boxed()
        .flatMap(
            ours -> LongStream.range(0, 5).mapToObj(place -> shuffled(ours, (int) place, random)));
  }

  static Stream<Start> allOrdersOfFive() {
    return Stream.of(1L, 3L, 5L)
        .flatMap(ours -> permutations(5).map(order -> new Start(ours, order)));
  }

  static Stream<Start> allAtOnce() {
    Stream<Start> three = LongStream.rangeClosed(1, 3).mapToObj(ours -> new Start(ours, ids(3)));
    Stream<Start> five = LongStream.rangeClosed(1, 5).mapToObj(ours -> new Start(ours, ids(5)));
    return Stream.concat(three, five);
  }

  @ParameterizedTest
  @MethodSource("ordersOfThree")
  void ourServerAndTwoRealOnesAgree(Start start) throws Exception {
    startInOrder(start);
  }

  @ParameterizedTest
  @MethodSource("placesOfFive")
  void ourServerAndFourRealOnesAgree(Start start) throws Exception {
    startInOrder(start);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("allOrdersOfFive")
  void ourServerAndFourRealOnesAgreeInEveryOrder(Start start) throws Exception {
    startInOrder(start);
  }

  @ParameterizedTest
  @MethodSource("allAtOnce")
  void allStartedAtOnceAgree(Start start) throws Exception {
    Layout layout = Layout.ofVoters(start.order().size());
    var together = new CyclicBarrier(start.order().size());
    try (var mixed = new Mixed(layout);
        // Of the platform: a virtual thread that waits for a class keeps its carrier, and the
        // thread
        // that loads the class may need one.
        var starters = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> started = new ArrayList<>();
      for (long id : start.order()) {
        started.add(
            starters.submit(
                () -> {
                  together.await();
                  return startOne(mixed, id, start.ours());
                }));
      }
      awaitAll(started);
      mixed.awaitAgreement();
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  private static void startInOrder(Start start) throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(start.order().size()))) {
      for (long id : start.order()) {
        startOne(mixed, id, start.ours());
      }
      mixed.awaitAgreement();
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  private static Server startOne(Mixed mixed, long id, long ours) {
    return id == ours ? mixed.startOurs(id) : mixed.startReal(id);
  }

  private static void awaitAll(List<Future<?>> futures)
      throws ExecutionException, InterruptedException {
    for (Future<?> future : futures) {
      future.get();
    }
  }

  private static Start shuffled(long ours, int place, Random random) {
    List<Long> order = new ArrayList<>(ids(5));
    order.remove(ours);
    Collections.shuffle(order, random);
    order.add(place, ours);
    return new Start(ours, List.copyOf(order));
  }

  private static List<Long> ids(int n) {
    return LongStream.rangeClosed(1, n).boxed().toList();
  }

  private static Stream<List<Long>> permutations(int n) {
    List<List<Long>> all = List.of(List.of());
    for (long id : ids(n)) {
      List<List<Long>> longer = new ArrayList<>();
      for (List<Long> order : all) {
        for (int place = 0; place <= order.size(); place++) {
          List<Long> one = new ArrayList<>(order);
          one.add(place, id);
          longer.add(List.copyOf(one));
        }
      }
      all = longer;
    }
    return all.stream();
  }
}
