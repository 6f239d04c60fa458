package io.quorate.examples.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.transport.Resolver;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ProberTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Notification LEADS =
      Samples.says(ServerState.LEADING, 3, 4, Samples.three());

  private static Answer ask(HostPort address, Duration timeout) throws InterruptedException {
    return new Prober(Resolver.system(), timeout).ask(List.of(address)).getFirst();
  }

  private static Answer.Opinion opinion(HostPort address) throws InterruptedException {
    return assertInstanceOf(Answer.Opinion.class, ask(address, LONG));
  }

  private static String error(HostPort address, Duration timeout) throws InterruptedException {
    return assertInstanceOf(Answer.NoAnswer.class, ask(address, timeout)).error();
  }

  @Test
  void aServerAnswersOnTheConnection() throws Exception {
    var asked = new LinkedBlockingQueue<Object>();
    try (var server =
        new ScriptedServer(
            socket -> {
              asked.add(ScriptedServer.readIntroduction(socket));
              asked.add(ByteBuffer.wrap(ScriptedServer.readFrame(socket)));
              ScriptedServer.writeFrame(socket, MessageCodec.encode(LEADS));
              socket.getInputStream().read();
            })) {
      var opinion = opinion(server.address());
      assertEquals(LEADS, opinion.opinion());
      assertEquals(Optional.of(ServerId.of(3)), opinion.id());
      var introduction = assertInstanceOf(InitialMessage.V1.class, asked.take());
      assertEquals(ServerId.OBSERVER, introduction.sid());
      assertEquals(Loopback.HOST, introduction.addresses().getFirst().host());
      var question = (ByteBuffer) asked.take();
      assertEquals(ServerState.LOOKING.wireCode(), question.getInt(0));
      assertEquals(ServerId.NONE.value(), question.getLong(4));
    }
  }

  @Test
  void aServerThatCallsBackTellsItsId() throws Exception {
    try (var server =
        new ScriptedServer(
            socket -> {
              var caller = (InitialMessage.V1) ScriptedServer.readIntroduction(socket);
              socket.close();
              HostPort home = caller.addresses().getFirst();
              try (var call = new Socket(home.host(), home.port())) {
                var self = new InitialMessage.V1(ServerId.of(2), List.of(new HostPort("b", 2)));
                call.getOutputStream().write(InitialMessageCodec.encode(self));
                ScriptedServer.readFrame(call);
                var follows = Samples.says(ServerState.FOLLOWING, 3, 4, Samples.three());
                ScriptedServer.writeFrame(call, MessageCodec.encode(follows));
                call.getInputStream().read();
              }
            })) {
      var opinion = opinion(server.address());
      assertEquals(Optional.of(ServerId.of(2)), opinion.id());
      assertEquals(ServerState.FOLLOWING, opinion.opinion().state());
    }
  }

  @Test
  void theIdIsFoundByTheAddressInTheConfiguration() throws Exception {
    var address = new LinkedBlockingQueue<HostPort>();
    try (var server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.readIntroduction(socket);
              EnsembleConfig config = Samples.ensemble("1=" + address.take() + ",3=c:3", "");
              var follows = Samples.says(ServerState.FOLLOWING, 3, 4, config);
              ScriptedServer.writeFrame(socket, MessageCodec.encode(follows));
              socket.getInputStream().read();
            })) {
      address.add(server.address());
      assertEquals(Optional.of(ServerId.of(1)), opinion(server.address()).id());
      address.add(server.address());
      var byName = new HostPort("localhost", server.address().port());
      assertEquals(Optional.of(ServerId.of(1)), opinion(byName).id());
    }
  }

  @Test
  void whatIsNoNotificationIsPassedOver() throws Exception {
    var hello = new Hello(1, "quorate", Samples.three().digest(), 1, 0);
    try (var server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.readIntroduction(socket);
              ScriptedServer.writeFrame(socket, MessageCodec.encode(hello));
              ScriptedServer.writeFrame(socket, new byte[] {1, 2, 3});
              ScriptedServer.writeFrame(socket, new byte[44]);
              socket.getInputStream().read();
            })) {
      // 44 zero bytes are a notification: of a server that looks and votes for 0.
      var opinion = opinion(server.address());
      assertEquals(ServerState.LOOKING, opinion.opinion().state());
      assertEquals(Optional.empty(), opinion.id());
    }
  }

  @Test
  void theQuestionIsPutTwice() throws Exception {
    try (var server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.readIntroduction(socket);
              ScriptedServer.readFrame(socket);
              ScriptedServer.readFrame(socket);
              ScriptedServer.writeFrame(socket, MessageCodec.encode(LEADS));
              socket.getInputStream().read();
            })) {
      Answer answer = ask(server.address(), Duration.ofSeconds(6));
      assertInstanceOf(Answer.Opinion.class, answer);
    }
  }

  @Test
  void aSilentServerCostsTheTimeoutAndNoMore() throws Exception {
    try (var server = new ScriptedServer(socket -> socket.getInputStream().readAllBytes())) {
      String error = error(server.address(), Duration.ofSeconds(1));
      assertTrue(error.startsWith("no answer within 1000 ms"), error);
      assertTrue(error.contains("said nothing"), error);
    }
  }

  /** The second is asked for when its time is long over: what it did is told all the same. */
  @Test
  void twoSilentServersAreToldAlike() throws Exception {
    try (var one = new ScriptedServer(socket -> socket.getInputStream().readAllBytes());
        var other = new ScriptedServer(socket -> socket.getInputStream().readAllBytes())) {
      var prober = new Prober(Resolver.system(), SHORT);
      for (Answer answer : prober.ask(List.of(one.address(), other.address()))) {
        String error = assertInstanceOf(Answer.NoAnswer.class, answer).error();
        assertTrue(error.contains("took the connection and said nothing"), error);
      }
    }
  }

  @Test
  void aServerThatOnlyClosesIsTold() throws Exception {
    try (var server = new ScriptedServer(_ -> {})) {
      String error = error(server.address(), SHORT);
      assertTrue(error.contains("closed the connection and did not call back"), error);
    }
  }

  @Test
  void anotherProtocolIsTold() throws Exception {
    byte[] http = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (var server =
        new ScriptedServer(
            socket -> {
              socket.getOutputStream().write(http);
              socket.getInputStream().readAllBytes();
            })) {
      String error = error(server.address(), LONG);
      assertTrue(error.startsWith("it is no election port"), error);
    }
  }

  @Test
  void aPortWithoutAListenerIsRefused() throws Exception {
    var address = new HostPort(Loopback.HOST, Loopback.freePorts(1).getFirst());
    assertEquals("connection refused", error(address, LONG));
  }

  @Test
  void aNameThatDoesNotExistIsTold() throws Exception {
    Resolver nobody =
        host -> {
          throw new UnknownHostException(host);
        };
    var answers = new Prober(nobody, LONG).ask(List.of(new HostPort("nobody", 1)));
    assertEquals(
        List.of(new Answer.NoAnswer(new HostPort("nobody", 1), "there is no host nobody")),
        answers);
  }

  @Test
  void aNameServerThatHangsCostsTheTimeoutAndNoOtherAddress() throws Exception {
    var release = new CountDownLatch(1);
    Resolver hangs =
        host -> {
          if (host.equals("slow")) {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new UnknownHostException(e.toString());
            }
          }
          return Resolver.system().resolve(Loopback.HOST);
        };
    try (var server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.readIntroduction(socket);
              ScriptedServer.writeFrame(socket, MessageCodec.encode(LEADS));
              socket.getInputStream().read();
            })) {
      long start = System.nanoTime();
      var answers =
          new Prober(hangs, Duration.ofSeconds(2))
              .ask(List.of(new HostPort("slow", 1), server.address()));
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30));
      var slow = assertInstanceOf(Answer.NoAnswer.class, answers.getFirst());
      assertTrue(slow.error().contains("name"), slow.error());
      assertInstanceOf(Answer.Opinion.class, answers.getLast());
    } finally {
      release.countDown();
    }
  }

  @Test
  void anAddressThatRefusesDoesNotHideTheOneThatAnswers() throws Exception {
    try (var server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.readIntroduction(socket);
              ScriptedServer.writeFrame(socket, MessageCodec.encode(LEADS));
              socket.getInputStream().read();
            })) {
      Resolver both =
          _ -> List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.getLoopbackAddress());
      var address = new HostPort("both", server.address().port());
      assertInstanceOf(
          Answer.Opinion.class, new Prober(both, LONG).ask(List.of(address)).getFirst());
    }
  }
}
