package io.quorate.testkit.world;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.engine.Input;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Message;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has happened, and what must never happen. */
final class History {

  /** Whether two leaderships that are valid at once are wrong: not if evidence may lie. */
  private boolean oneAtATime = true;

  private final World world;
  private final TreeMap<Long, Term> terms = new TreeMap<>();

  /** Those that may be valid still. */
  private final List<Term> open = new ArrayList<>();

  private final Map<ServerProcess, Life> lives = new HashMap<>();
  private final Map<ServerId, Map<Long, Promised>> promises = new HashMap<>();

  /** Each voter that has ever promised an epoch, lost disks included. */
  private final Map<Promised, Set<ServerId>> promisedBy = new HashMap<>();

  private final Map<ServerId, Long> largestPromise = new HashMap<>();
  private final Map<Long, Question> questions = new HashMap<>();
  private final Bonds bonds;
  private long revocations;
  private long stops;

  private record Promised(long epoch, ServerId to, long instance) {}

  private record Question(ServerProcess asked, long epoch, long newestEpoch) {}

  /** What one process was granted. */
  private static final class Life {
    private @Nullable FencingToken granted;
    private @Nullable FencingToken told;
    private @Nullable FencingToken taskOf;
    private boolean left;
  }

  /** A leadership, valid until an instant of the true time. */
  static final class Term {
    private final ServerProcess process;
    private final FencingToken token;
    private final long since;

    /** By the clock of its server. */
    private long until;

    private boolean closed;

    Term(ServerProcess process, FencingToken token, long since, long until) {
      this.process = process;
      this.token = token;
      this.since = since;
      this.until = until;
    }

    boolean isValidAt(long now) {
      return !closed && process.server.clock().at(now) - until < 0;
    }

    FencingToken token() {
      return token;
    }

    boolean isOpen() {
      return !closed;
    }

    ServerProcess process() {
      return process;
    }

    boolean isOf(ServerProcess other) {
      return process == other;
    }

    @Override
    public String toString() {
      return token
          + " of "
          + process
          + " from "
          + since / VirtualTime.MICRO
          + " us to "
          + process.server.clock().whenItShows(until) / VirtualTime.MICRO
          + " us";
    }
  }

  History(World world) {
    this.world = world;
    this.bonds = new Bonds(world);
  }

  void allowOverlaps() {
    oneAtATime = false;
  }

  Optional<Term> latest() {
    return terms.isEmpty() ? Optional.empty() : Optional.of(terms.lastEntry().getValue());
  }

  /** Returns who has led after an epoch, in order. */
  List<ServerId> leadersAfter(long epoch) {
    return terms.tailMap(epoch, false).values().stream().map(term -> term.token.leader()).toList();
  }

  long grants() {
    return terms.size();
  }

  long revocations() {
    return revocations;
  }

  long stops() {
    return stops;
  }

  /** The words of the detail are put together only when they are needed. */
  void require(boolean holds, String name, @Nullable Object... detail) {
    if (!holds) {
      throw new ViolationException(
          name, Arrays.stream(detail).map(String::valueOf).collect(Collectors.joining(" ")));
    }
  }

  private Life life(ServerProcess process) {
    return lives.computeIfAbsent(process, _ -> new Life());
  }

  // ---- inputs ----

  void given(ServerProcess process, Input input) {
    switch (input) {
      case Input.TermEnded(long _) -> life(process).taskOf = null;
      case Input.Leave() -> life(process).left = true;
      case Input.Confirm(long epoch, long request) ->
          questions.put(
              request, new Question(process, epoch, terms.isEmpty() ? 0 : terms.lastKey()));
      case Input.Start _,
          Input.Happened _,
          Input.TimerFired _,
          Input.Positioned _,
          Input.NoPosition _,
          Input.Persisted _,
          Input.PersistFailed _,
          Input.LookAgain _,
          Input.GiveUp _,
          Input.HandOff _,
          Input.Eligible _ -> {}
    }
  }

  // ---- terms ----

  void granted(ServerProcess process, FencingToken token, long until) {
    Term before = terms.get(token.epoch());
    require(before == null, "S1 (one leader of an epoch)", token, "after", before);
    requireGrowth(token);
    require(
        token.leader().equals(process.id()) && world.setup.mayLead(process.id()),
        "S4 (only who may leads)",
        process,
        token);
    requirePromises(process, token);
    Life life = life(process);
    require(life.granted == null, "S5 (one term at a time)", token, "during", life.granted);
    require(life.taskOf == null, "S5 (the last task has ended)", token, "after", life.taskOf);
    require(!life.left, "S5 (nothing is granted after leaving)", token);
    life.granted = token;
    life.taskOf = token;
    var term = new Term(process, token, world.time.now(), until);
    terms.put(token.epoch(), term);
    open.add(term);
    requireAlone(term);
    requireBonds(term);
  }

  private void requirePromises(ServerProcess process, FencingToken token) {
    var promised = new Promised(token.epoch(), process.id(), process.instance);
    Set<ServerId> by = promisedBy.getOrDefault(promised, Set.of());
    require(
        Quorums.isQuorum(world.setup.voters(), by) && by.contains(process.id()),
        "promises (a quorum, the leader included, has promised durably)",
        token,
        "by",
        by);
  }

  private void requireAlone(Term term) {
    long now = world.time.now();
    require(term.isValidAt(now), "S3 (a lease that is granted is valid)", term);
    open.removeIf(it -> it != term && !it.isValidAt(now));
    require(!oneAtATime || open.size() == 1, "S3 (one valid leadership at a time)", now, open);
  }

  /**
   * Where a clock broke its word, a server may be granted late what was promised to it in time, as
   * nobody but its clock could tell it; its own epochs grow even so.
   */
  private void requireGrowth(FencingToken token) {
    List<FencingToken> later =
        terms.tailMap(token.epoch(), false).values().stream()
            .map(Term::token)
            .filter(it -> oneAtATime || it.leader().equals(token.leader()))
            .toList();
    require(later.isEmpty(), "S2 (epochs of leaders grow)", token, "after", later);
  }

  void renewed(ServerProcess process, long epoch, long until) {
    FencingToken granted = life(process).granted;
    require(granted != null && granted.epoch() == epoch, "S5 (only a term is renewed)", epoch);
    Term term = terms.get(epoch);
    require(
        term != null && open.contains(term) && term.isValidAt(world.time.now()),
        "S3 (what has run out is not renewed)",
        String.valueOf(term));
    if (term != null) {
      require(until - term.until >= 0, "S3 (a lease grows)", term, "to", until);
      term.until = until;
      requireAlone(term);
      requireBonds(term);
    }
  }

  private void requireBonds(Term term) {
    if (oneAtATime) {
      bonds.requireLonger(term.process, term.token.epoch(), term.until);
    }
  }

  void revoked(ServerProcess process, FencingToken token) {
    revocations++;
    Life life = life(process);
    require(token.equals(life.granted), "S5 (what was granted is revoked)", token);
    life.granted = null;
    close(process);
  }

  private void close(ServerProcess process) {
    open.stream().filter(term -> term.isOf(process)).forEach(term -> term.closed = true);
    open.removeIf(term -> term.closed);
    latest().filter(term -> term.isOf(process)).ifPresent(term -> term.closed = true);
  }

  /** A dead process leads nobody. */
  void died(ServerProcess process) {
    close(process);
    lives.remove(process);
  }

  void stopped(ServerProcess process) {
    stops++;
    require(life(process).granted == null, "S5 (revoked before the server stops)", process);
  }

  // ---- what is said ----

  void told(ServerProcess process, ElectionEvent event) {
    Life life = life(process);
    if (event instanceof ElectionEvent.Granted(FencingToken token)) {
      require(life.told == null && token.equals(life.granted), "S5 (a grant is told once)", token);
      life.told = token;
    } else if (event instanceof ElectionEvent.Revoked(FencingToken token, var _)) {
      require(
          token.equals(life.told) && life.granted == null, "S5 (a revocation is told once)", token);
      life.told = null;
    }
  }

  void shown(ServerProcess process, LeaderView view) {
    view.leader()
        .ifPresent(
            leader -> {
              Term term = terms.get(view.epoch());
              require(
                  view.confirmed() && term != null && term.token.leader().equals(leader),
                  "view (whoever is shown as leader was granted that epoch)",
                  process,
                  "shows",
                  view);
            });
  }

  void heard(ServerProcess process, ServerId from, Message said) {
    bonds.heard(process, from, said);
  }

  void transmitted(ServerProcess process, ServerId to, Message message) {
    if (message instanceof Acknowledgement said) {
      requireDurable(process, to, said);
      require(
          world.setup.voters().voters().contains(process.id()),
          "S4 (only voters acknowledge)",
          process);
      bonds.acknowledged(process, to, said);
    }
  }

  private void requireDurable(ServerProcess process, ServerId to, Acknowledgement said) {
    EpochState state = process.server.disk().orElse(EpochState.EMPTY);
    require(
        state.promisedEpoch() == said.epoch()
            && state.promisedTo().equals(to)
            && state.promisedInstance() == said.instance()
            && !state.clean(),
        "durability (acknowledged after it is durable)",
        process,
        "to",
        to,
        said,
        "with",
        state);
  }

  void confirmed(ServerProcess process, long request) {
    Question question = questions.remove(request);
    require(question != null, "confirmation (asked for, and told once)", request);
    if (question != null) {
      FencingToken granted = life(process).granted;
      require(
          question.asked() == process
              && granted != null
              && granted.epoch() == question.epoch()
              && question.newestEpoch() <= question.epoch(),
          "confirmation (nobody else led when it was asked for)",
          process,
          question);
    }
  }

  // ---- what is durable ----

  void durable(ServerId voter, EpochState state) {
    long epoch = state.promisedEpoch();
    require(
        largestPromise.getOrDefault(voter, 0L) <= epoch,
        "promises (the promised epoch never shrinks)",
        voter,
        state);
    largestPromise.put(voter, epoch);
    if (epoch > 0) {
      var promised = new Promised(epoch, state.promisedTo(), state.promisedInstance());
      Promised before =
          promises.computeIfAbsent(voter, _ -> new HashMap<>()).putIfAbsent(epoch, promised);
      require(
          before == null || before.equals(promised),
          "promises (an epoch is promised once)",
          voter,
          promised,
          "after",
          before);
      promisedBy.computeIfAbsent(promised, _ -> new HashSet<>()).add(voter);
      bonds.requireFree(world.server(voter), promised.to(), promised.instance());
    }
  }

  /** Only what it promised to whoever led is held against it: others know of that. */
  void diskLost(ServerId voter) {
    Map<Long, Promised> all = promises.computeIfAbsent(voter, _ -> new HashMap<>());
    all.values().removeIf(it -> !isLed(it));
    largestPromise.put(voter, all.keySet().stream().mapToLong(it -> it).max().orElse(0));
  }

  private boolean isLed(Promised promised) {
    Term term = terms.get(promised.epoch());
    return term != null
        && term.process.id().equals(promised.to())
        && term.process.instance == promised.instance();
  }
}
