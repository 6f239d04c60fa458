package io.quorate.examples.bully;

import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The worked example of an election of one's own: the largest id that a server can reach leads it.
 *
 * <p>Everybody says who it is on every new link; who has spoken on a link that is up is alive. Once
 * all voters are alive, or a quorum is and the wait is over, the largest leads. A larger one that
 * speaks later takes over, and when the link to the leader breaks the election begins anew. Who may
 * not lead always votes for nobody, even while it follows.
 *
 * <p>With the epoch promise it only nominates: whom a majority has promised an epoch leads as long
 * as its lease is renewed, also beside a larger one.
 *
 * <p>It promises little. The leader may know less than its followers. Servers that reach different
 * ones follow different leaders, for all that a minority elects nobody; so as long as the largest
 * reaches some of the others and no quorum, nobody may lead. One that comes and goes disturbs the
 * others each time, and one that cannot lead is nominated again.
 */
public final class BullyProvider implements ElectionProvider {

  @Override
  public String name() {
    return "bully";
  }

  @Override
  public ElectionAlgorithm create(ElectionContext context) {
    return new Bully(context);
  }

  private static final class Bully implements ElectionAlgorithm {
    private static final String WAIT = "wait";

    private final ElectionContext context;
    private final Action startWait;
    private QuorumVerifier voters;
    private final Set<ServerId> linked = new TreeSet<>();

    /** Who has spoken, ourselves included, with its own history; nobody's if it does not stand. */
    private final TreeMap<ServerId, Vote> alive = new TreeMap<>();

    private Notification said;
    private ServerId leader = ServerId.NONE;
    private boolean eligible = true;
    private long round;

    Bully(ElectionContext context) {
      this.context = context;
      startWait = new Action.SetTimer(WAIT, context.timings().finalizeWait());
      voters = context.voters();
      said = context.notification(ServerState.LOOKING, Vote.NOBODY, round);
    }

    @Override
    public List<Action> on(Event event) {
      return switch (event) {
        case Event.Look(Position position) -> look(position);
        case Event.LinkUp(ServerId peer) -> {
          linked.add(peer);
          alive.remove(peer);
          yield List.of(new Action.Send(peer, said));
        }
        case Event.LinkDown(ServerId peer) -> {
          linked.remove(peer);
          alive.remove(peer);
          boolean lacks = said.state() == ServerState.LEADING && !voters.isQuorum(alive.keySet());
          yield lacks || peer.equals(leader) ? withdraw("lost " + peer) : List.of();
        }
        case Event.Heard(ServerId from, Notification heard) -> heard(from, heard);
        case Event.TimerFired _ -> decide(true);
        case Event.NominationFailed _ -> withdraw("we could not lead");
        case Event.Reconfigured(QuorumVerifier changed) -> {
          voters = changed;
          alive.keySet().removeIf(id -> !mayLead(id));
          yield withdraw("the voters changed");
        }
        case Event.Eligible(boolean may) -> {
          boolean changed = may != eligible && round > 0;
          eligible = may;
          yield changed ? withdraw(may ? "we may lead" : "we may not lead") : List.of();
        }
        case Event.Unreachable _, Event.Recognized _, Event.Led _ -> List.of();
      };
    }

    private List<Action> look(Position position) {
      round++;
      leader = ServerId.NONE;
      Vote own = Vote.NOBODY;
      if (mayLead(context.self())) {
        own = new Vote(context.self(), position.zxid(), position.epoch());
        alive.put(context.self(), eligible ? own : Vote.NOBODY);
      }
      List<Action> actions = say(ServerState.LOOKING, own);
      actions.addFirst(new Action.Looking(round));
      actions.add(startWait);
      actions.addAll(decide(false));
      return actions;
    }

    private List<Action> heard(ServerId from, Notification heard) {
      if (!mayLead(from)) {
        // It only wants to know. Those who cannot lead do not answer each other, or never stopped.
        return mayLead(context.self()) ? List.of(new Action.Send(from, said)) : List.of();
      }
      Vote vote = heard.vote();
      boolean stands = !vote.equals(Vote.NOBODY);
      boolean ofItself = !stands || vote.leader().equals(from);
      Vote before = alive.put(from, ofItself ? vote : new Vote(from, 0, 0));
      if (said.state() == ServerState.LOOKING) {
        return decide(false);
      }
      if (!stands && from.equals(leader)) {
        return withdraw(from + " may not lead");
      }
      boolean stood = before != null && !before.equals(Vote.NOBODY);
      if (stands && !stood && from.compareTo(leader) > 0) {
        return withdraw(from + " is larger");
      }
      boolean asks = heard.state() == ServerState.LOOKING;
      return asks ? List.of(new Action.Send(from, said)) : List.of();
    }

    private List<Action> decide(boolean waited) {
      boolean all = voters.voters().stream().allMatch(id -> !mayLead(id) || alive.containsKey(id));
      if (!voters.isQuorum(alive.keySet()) || !(all || waited)) {
        return waited ? List.of(startWait) : List.of();
      }
      Vote largest = Vote.NOBODY;
      for (Vote vote : alive.values()) {
        largest = vote.equals(Vote.NOBODY) ? largest : vote;
      }
      if (largest.equals(Vote.NOBODY)) {
        return waited ? List.of(startWait) : List.of();
      }
      leader = largest.leader();
      boolean leads = leader.equals(context.self());
      boolean votes = voters.voters().contains(context.self());
      ServerState follower = votes ? ServerState.FOLLOWING : ServerState.OBSERVING;
      List<Action> actions = say(leads ? ServerState.LEADING : follower, largest);
      actions.add(new Action.CancelTimer(WAIT));
      actions.add(new Action.Nominate(largest, round));
      return actions;
    }

    private List<Action> say(ServerState state, Vote vote) {
      said = context.notification(state, eligible ? vote : Vote.NOBODY, round);
      return new ArrayList<>(linked.stream().map(peer -> new Action.Send(peer, said)).toList());
    }

    private boolean mayLead(ServerId id) {
      return voters.weight(id) > 0;
    }

    private static List<Action> withdraw(String reason) {
      return List.of(new Action.Withdraw(reason));
    }
  }
}
