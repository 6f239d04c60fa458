package io.quorate.interop;

import io.quorate.ports.Ports;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.Vote;

/** A whole ZooKeeper server, made from the text of a configuration file. */
final class FullServer implements Server {
  private static final long CLOSE_MILLIS = 20_000;

  private final QuorumPeer peer;

  private FullServer(QuorumPeer peer) {
    this.peer = peer;
  }

  /** Starts a server with its data below a directory; one that was there goes on. */
  static FullServer start(Layout layout, long id, Path directory) {
    try {
      Path data = Files.createDirectories(directory.resolve("server-" + id));
      Files.writeString(data.resolve("myid"), Long.toString(id));
      var config = new QuorumPeerConfig();
      config.parseProperties(properties(layout, data));
      QuorumPeer peer = QuorumPeer.createFromConfig(config);
      ServerCnxnFactory clients = ServerCnxnFactory.createFactory();
      clients.configure(
          config.getClientPortAddress(),
          config.getMaxClientCnxns(),
          config.getClientPortListenBacklog());
      peer.setCnxnFactory(clients);
      peer.initialize();
      peer.start();
      return new FullServer(peer);
    } catch (IOException | ConfigException e) {
      throw new IllegalStateException("server " + id, e);
    }
  }

  private static Properties properties(Layout layout, Path data) {
    var properties = new Properties();
    properties.setProperty("tickTime", "500");
    properties.setProperty("initLimit", "20");
    properties.setProperty("syncLimit", "10");
    properties.setProperty("dataDir", data.toString());
    properties.setProperty("clientPort", Integer.toString(Ports.reserve()));
    properties.setProperty("clientPortAddress", Layout.HOST);
    for (Member member : layout.members().values()) {
      properties.setProperty("server." + member.id(), Layout.spec(member));
    }
    return properties;
  }

  @Override
  public long id() {
    return peer.getMyId();
  }

  @Override
  public ServerState state() {
    return RealPeer.stateOf(peer.getPeerState());
  }

  @Override
  public OptionalLong leader() {
    Vote vote = peer.getCurrentVote();
    return state() == ServerState.LOOKING || vote == null
        ? OptionalLong.empty()
        : OptionalLong.of(vote.getId());
  }

  @Override
  public void lookAgain() {
    throw new UnsupportedOperationException("a full server looks when it loses its leader");
  }

  @Override
  public void close() {
    peer.shutdown();
    try {
      peer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (peer.isAlive()) {
      throw new IllegalStateException("server " + id() + " does not end");
    }
  }
}
