package io.quorate.election.engine;

import static io.quorate.election.engine.Timer.OfEngine.BOUND;

import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a voter has promised, and to whom it is bound. It promises an epoch only if that is larger
 * than every one that it has promised, to a server that its algorithm follows or that already
 * leads, while it is bound to no other; and it answers only once the promise is durable. Every
 * acknowledgement binds it for a while, counted from when it received the request.
 *
 * <p>A request that cannot be answered yet waits, at most one of each voter, and is looked at again
 * when something changes. Not safe for use by several threads.
 */
final class EpochPromise {

  /**
   * Somebody wants a promise, or the renewal of one.
   *
   * @param from who asks
   * @param epoch which epoch
   * @param sequence the number of the request
   * @param instance which life of the server asks
   * @param grant how long we are to be bound
   * @param leads whether a quorum has promised already
   * @param at when it arrived
   */
  record Request(
      ServerId from,
      long epoch,
      long sequence,
      long instance,
      Duration grant,
      boolean leads,
      long at) {

    static Request of(ServerId from, Proposal said, long at) {
      return new Request(
          from, said.epoch(), said.sequence(), said.instance(), said.grant(), false, at);
    }

    static Request of(ServerId from, Heartbeat said, long at) {
      return new Request(
          from, said.epoch(), said.sequence(), said.instance(), said.grant(), true, at);
    }
  }

  /** Whom we let nobody else take the place of, and until when. */
  private record Bond(ServerId to, long instance, long epoch, long until) {}

  private final ServerId self;
  private final QuorumVerifier voters;
  private final Effects effects;
  private final Duration ownGrant;

  private EpochState durable;
  private @Nullable EpochState writing;
  private @Nullable Request answerWhenWritten;

  /** The epoch whose promise could not be written, so that perhaps it was; 0 for none. */
  private long unsettled;

  /** Nobody knows what is durable, or we are leaving: no answer any more. */
  private boolean silent;

  private @Nullable Bond bond;

  /** After an end that was not clean we are bound until then, and cannot tell to whom. */
  private boolean quiet;

  private long quietUntil;

  /** The largest epoch that somebody is known to have led. */
  private long led;

  /** Our store is empty, and what others have promised says that it should not be. */
  private boolean forgetful;

  /** What we may have promised, as far as the others know. */
  private long floor;

  /** The voters that have said what they promised, as long as our store is empty. */
  private final Set<ServerId> heard = new TreeSet<>();

  private long startedAt;
  private final Map<ServerId, Request> waiting = new TreeMap<>();
  private final Set<ServerId> followed = new TreeSet<>();

  /**
   * Makes the voter's side.
   *
   * @param self who we are
   * @param config what was durable at the start, and how long we bind ourselves
   * @param voters who may be promised anything
   * @param effects where answers and what is to be written go
   */
  EpochPromise(ServerId self, EngineConfig.Promise config, QuorumVerifier voters, Effects effects) {
    this.self = self;
    this.voters = voters;
    this.effects = effects;
    this.ownGrant = config.timings().grant();
    this.durable = config.stored().orElse(EpochState.EMPTY);
    this.led = durable.currentEpoch();
  }

  void start(long now) {
    startedAt = now;
    if (!durable.clean()) {
      keepQuiet(longer(durable.grant(), ownGrant));
    }
  }

  private void keepQuiet(Duration time) {
    quiet = true;
    quietUntil = startedAt + time.toNanos();
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  // ---- what others are told ----

  /** Returns the largest epoch that we have durably promised; 0 for none. */
  long promisedEpoch() {
    return durable.promisedEpoch();
  }

  /**
   * Returns the largest epoch that we may have promised by the time that others hear of it, or that
   * we may have promised without knowing it, because the store failed.
   */
  long possibleEpoch() {
    return Math.max(unsettled, (writing != null ? writing : durable).promisedEpoch());
  }

  /** Returns whether our promise of this epoch to this life of a server is durable. */
  boolean isPromised(long epoch, ServerId to, long instance) {
    return durable.promisedEpoch() == epoch
        && durable.promisedTo().equals(to)
        && durable.promisedInstance() == instance;
  }

  /** Returns whether we promise nothing any more. */
  boolean isSilent() {
    return silent;
  }

  // ---- what we learn ----

  /** Follows one server at most by its algorithm, and the successor that its leader named. */
  void follow(Set<ServerId> servers, long now) {
    if (!followed.equals(servers)) {
      followed.clear();
      followed.addAll(servers);
      reconsider(now);
    }
  }

  /** A quorum has promised this epoch to somebody. */
  void isLed(long epoch) {
    led = Math.max(led, epoch);
  }

  /**
   * A voter has said which epoch it has promised. An empty store may be a lost one: unless all
   * others are empty too, we must know of every epoch that we may have promised before we promise
   * again.
   */
  void hear(ServerId voter, long promised, long now) {
    boolean empty = durable.promisedEpoch() == 0 && writing == null;
    if (!empty || !voters.voters().contains(voter) || !heard.add(voter)) {
      return;
    }
    floor = Math.max(floor, promised);
    if (promised > 0 && !forgetful) {
      forgetful = true;
      keepQuiet(ownGrant);
    }
    reconsider(now);
  }

  /**
   * Returns the voters of which we must still hear before we may promise anything: as long as those
   * that we have not heard of, and we, could have been a quorum.
   */
  Set<ServerId> missing() {
    var unheard = new TreeSet<>(voters.voters());
    unheard.removeAll(heard);
    unheard.add(self);
    boolean enough = !forgetful || !voters.isQuorum(unheard);
    unheard.remove(self);
    return enough ? Set.of() : unheard;
  }

  /** Returns whether we promise nothing although there was time to hear of everybody. */
  boolean isStuck(long now) {
    return !missing().isEmpty() && now - quietUntil >= 0;
  }

  // ---- requests ----

  void onRequest(Request request, long now) {
    waiting.remove(request.from());
    if (silent) {
      return;
    }
    EpochState next = writing;
    if (next != null) {
      onRequestWhileWriting(request, next);
    } else if (isPromised(request.epoch(), request.from(), request.instance())) {
      keep(request);
    } else if (isTooSmall(request)) {
      refuse(request, Duration.ZERO);
    } else if (!isWanted(request)) {
      waiting.put(request.from(), request);
    } else {
      promiseUnlessBound(request, now);
    }
  }

  /** Nobody is promised an epoch twice, nor a smaller one. One that is led is led by one only. */
  private boolean isTooSmall(Request request) {
    long others = Math.max(floor, led);
    return request.epoch() <= durable.promisedEpoch()
        || request.epoch() < others
        || (request.epoch() == others && !request.leads());
  }

  private boolean isWanted(Request request) {
    return missing().isEmpty() && (request.leads() || followed.contains(request.from()));
  }

  private void onRequestWhileWriting(Request request, EpochState next) {
    if (next.promisedEpoch() == request.epoch()
        && next.promisedTo().equals(request.from())
        && next.promisedInstance() == request.instance()
        && next.grant().compareTo(request.grant()) >= 0) {
      bind(request);
      answerWhenWritten = request;
    } else {
      waiting.put(request.from(), request);
    }
  }

  /** It is promised already. Only that we are bound from now on may have to be written. */
  private void keep(Request request) {
    if (durable.clean() || request.grant().compareTo(durable.grant()) > 0) {
      write(request);
    } else {
      bind(request);
      acknowledge(request);
    }
  }

  private void promiseUnlessBound(Request request, long now) {
    Duration bound = boundFor(request.from(), request.instance(), now);
    if (bound.isPositive()) {
      waiting.put(request.from(), request);
      refuse(request, bound);
      effects.start(BOUND, bound);
    } else {
      write(request);
    }
  }

  private void write(Request request) {
    bind(request);
    answerWhenWritten = request;
    persist(
        new EpochState(
            request.epoch(),
            request.from(),
            request.instance(),
            Math.min(led, request.epoch()),
            request.grant(),
            false));
  }

  private void persist(EpochState next) {
    writing = next;
    effects.persist(next);
  }

  private void bind(Request request) {
    long until = request.at() + request.grant().toNanos();
    Bond before = bond;
    if (before != null
        && before.to().equals(request.from())
        && before.instance() == request.instance()
        && before.until() - until > 0) {
      until = before.until();
    }
    bond = new Bond(request.from(), request.instance(), request.epoch(), until);
  }

  private void acknowledge(Request request) {
    effects.send(
        request.from(),
        new Acknowledgement(request.epoch(), request.sequence(), request.instance()));
  }

  private void refuse(Request request, Duration boundFor) {
    long promised = Math.max(durable.promisedEpoch(), Math.max(floor, led));
    effects.send(
        request.from(), new Refusal(request.epoch(), request.sequence(), promised, boundFor));
  }

  /** Returns how long we may promise nothing to this life of a server; zero if we may. */
  Duration boundFor(ServerId server, long instance, long now) {
    long left = 0;
    Bond to = bond;
    if (to != null && !(to.to().equals(server) && to.instance() == instance)) {
      left = Math.max(left, to.until() - now);
    }
    if (quiet) {
      left = Math.max(left, quietUntil - now);
    }
    return Duration.ofNanos(left);
  }

  // ---- answers of the store ----

  /** What was to be written is durable. */
  void onPersisted(long now) {
    EpochState written = writing;
    if (written == null) {
      throw new IllegalStateException("nothing was to be written");
    }
    durable = written;
    writing = null;
    Request request = answerWhenWritten;
    answerWhenWritten = null;
    if (request != null && !silent) {
      acknowledge(request);
    }
    reconsider(now);
  }

  /** Nobody knows what is durable now, so nothing is promised any more. */
  void onPersistFailed() {
    unsettled = possibleEpoch();
    writing = null;
    answerWhenWritten = null;
    beSilent();
  }

  private void beSilent() {
    silent = true;
    waiting.clear();
  }

  // ---- freedom ----

  /** A leader gives up its epoch, and with it what binds us to it. */
  void onSurrender(ServerId from, long epoch, long instance, long now) {
    Bond to = bond;
    if (to != null && to.to().equals(from) && to.epoch() == epoch && to.instance() == instance) {
      letGo(now);
    }
  }

  /** There is evidence that a server is dead. */
  void release(ServerId dead, long now) {
    Bond to = bond;
    if (to != null && to.to().equals(dead)) {
      letGo(now);
    }
  }

  /** What is being written for it stays promised, but nobody is told: so it binds us to nobody. */
  private void letGo(long now) {
    bond = null;
    answerWhenWritten = null;
    reconsider(now);
  }

  /** Looks again at the requests that wait. */
  void reconsider(long now) {
    for (Request request : List.copyOf(waiting.values())) {
      // A request that still cannot be answered has been refused before, or waits in silence.
      if (mayAnswer(request, now)) {
        onRequest(request, now);
      }
    }
    Optional<Duration> next =
        waiting.values().stream()
            .map(request -> boundFor(request.from(), request.instance(), now))
            .filter(Duration::isPositive)
            .min(Duration::compareTo);
    next.ifPresent(wait -> effects.start(BOUND, wait));
  }

  private boolean mayAnswer(Request request, long now) {
    return writing == null
        && isWanted(request)
        && !boundFor(request.from(), request.instance(), now).isPositive();
  }

  // ---- the end ----

  /**
   * Promises nothing any more; returns whether something is still being written. If not, and if we
   * are bound to nobody, that is written, so that the next life of this server need not wait.
   */
  boolean leave(long now) {
    if (silent) {
      return writing != null;
    }
    beSilent();
    boolean free = !boundFor(ServerId.NONE, 0, now).isPositive();
    if (writing == null && free && !durable.clean()) {
      persist(
          new EpochState(
              durable.promisedEpoch(),
              durable.promisedTo(),
              durable.promisedInstance(),
              Math.min(led, durable.promisedEpoch()),
              durable.grant(),
              true));
    }
    return writing != null;
  }
}
