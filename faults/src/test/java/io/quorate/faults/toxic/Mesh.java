package io.quorate.faults.toxic;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.ToxicList;
import io.quorate.protocol.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A proxy for each server to dial each other one. Of the two of a pair, that of the larger id
 * carries the link, and that of the smaller one its requests to be called. Belongs to one thread.
 */
final class Mesh implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1000;

  private final Map<Dial, ToxiproxyServer.Entrance> entrances = new LinkedHashMap<>();

  private final List<Toxic> given = new ArrayList<>();
  private final List<Dial> shut = new ArrayList<>();

  /** Who dials whom. */
  record Dial(long from, long to) {

    /** Returns whether what is dialled so becomes the link of the pair. */
    boolean carriesTheLink() {
      return from > to;
    }
  }

  /** What a toxic does to one direction of one proxy. */
  interface Dose {
    Toxic to(ToxicList toxics, String name, ToxicDirection stream) throws IOException;
  }

  /**
   * Opens all.
   *
   * @param ports where the servers listen, by their ids
   */
  Mesh(ToxiproxyServer toxiproxy, Map<Long, Integer> ports) throws IOException {
    String series = Long.toHexString(System.nanoTime());
    for (long from : ports.keySet()) {
      for (var to : ports.entrySet()) {
        if (from != to.getKey()) {
          var dial = new Dial(from, to.getKey());
          String name = series + "-" + dial.from() + "-" + dial.to();
          entrances.put(dial, toxiproxy.open(name, to.getValue()));
        }
      }
    }
  }

  /** Returns where a server is to dial another. */
  HostPort address(long from, long to) {
    return entrance(new Dial(from, to)).address();
  }

  Iterable<Dial> dials() {
    return entrances.keySet();
  }

  /** Gives a toxic to all that one server says to another, whoever of them dialled. */
  void poison(Dose dose, long from, long to) throws IOException {
    give(dose, new Dial(from, to), ToxicDirection.UPSTREAM);
    give(dose, new Dial(to, from), ToxicDirection.DOWNSTREAM);
  }

  private void give(Dose dose, Dial dial, ToxicDirection stream) throws IOException {
    given.add(dose.to(proxy(dial).toxics(), "toxic-" + stream, stream));
  }

  /** Shuts a proxy: its connections end, and dials are refused. */
  void shut(Dial dial) throws IOException {
    proxy(dial).disable();
    shut.add(dial);
  }

  /** Returns whether nobody listens where a server is to dial another. */
  boolean refuses(Dial dial) throws IOException {
    HostPort address = entrance(dial).address();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }

  /** Ends every fault. */
  void heal() throws IOException {
    for (Toxic toxic : given) {
      toxic.remove();
    }
    given.clear();
    for (Dial dial : shut) {
      proxy(dial).enable();
    }
    shut.clear();
  }

  private Proxy proxy(Dial dial) {
    return entrance(dial).proxy();
  }

  private ToxiproxyServer.Entrance entrance(Dial dial) {
    return Objects.requireNonNull(entrances.get(dial), dial::toString);
  }

  @Override
  public void close() throws IOException {
    for (var entrance : entrances.values()) {
      entrance.proxy().delete();
    }
  }
}
