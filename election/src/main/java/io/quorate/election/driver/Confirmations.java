package io.quorate.election.driver;

import io.quorate.election.engine.Input;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Questions to a majority that wait for their answer. Safe for use by any thread. */
final class Confirmations {

  /** Questions that may be unanswered, those nobody waits for any more included. */
  static final int MAX_UNANSWERED = 1024;

  private record Question(long epoch, CompletableFuture<Boolean> answer) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Question> unanswered = new HashMap<>();
  private final Consumer<Input> orders;
  private long requests;

  Confirmations(Consumer<Input> orders) {
    this.orders = orders;
  }

  /** Asks, and waits for the answer; false if the term ends or the time is over. */
  boolean ask(Term term, Duration timeout) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var question = new Question(term.epoch(), new CompletableFuture<>());
    orders.accept(new Input.Confirm(term.epoch(), register(question)));
    if (term.isRevoked()) {
      termEnded(term.epoch());
    }
    try {
      long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
      return question.answer().get(nanos, TimeUnit.NANOSECONDS) && term.isValid();
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer is true or false", e);
    }
  }

  private long register(Question question) {
    lock.lock();
    try {
      if (unanswered.size() >= MAX_UNANSWERED) {
        throw new IllegalStateException(
            "a majority has not answered " + unanswered.size() + " questions yet");
      }
      unanswered.put(++requests, question);
      return requests;
    } finally {
      lock.unlock();
    }
  }

  void confirmed(long request) {
    lock.lock();
    try {
      @Nullable Question question = unanswered.remove(request);
      if (question != null) {
        question.answer().complete(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nobody answers the questions of this term any more. To be called once it is revoked. */
  void termEnded(long epoch) {
    lock.lock();
    try {
      for (var all = unanswered.values().iterator(); all.hasNext(); ) {
        Question question = all.next();
        if (question.epoch() == epoch) {
          all.remove();
          question.answer().complete(false);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
