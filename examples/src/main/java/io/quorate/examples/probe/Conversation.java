package io.quorate.examples.probe;

import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.FrameDecoder;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.UnknownExtension;
import io.quorate.protocol.Vote;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The bytes on one connection of an inquiry. Belongs to one thread. */
final class Conversation {

  /**
   * A vote for nobody, from one that looks: whoever does not vote is answered at once, in any round
   * and by a server in any state. It carries no configuration, so it can be taken for nobody's.
   */
  private static final byte[] QUESTION = question();

  private static final int READ_BYTES = 8 * 1024;

  /** After this part of the time the question is put again. */
  private static final int PARTS = 3;

  private final Socket socket;
  private final Deadline deadline;

  /** The other end speaks another protocol. */
  static final class NonsenseException extends IOException {
    private static final long serialVersionUID = 1L;

    NonsenseException(String reason) {
      super("it is no election port: " + reason);
    }
  }

  Conversation(Socket socket, Deadline deadline) throws IOException {
    this.socket = socket;
    this.deadline = deadline;
    socket.setTcpNoDelay(true);
  }

  private static byte[] question() {
    var looking =
        new Notification(
            ServerState.LOOKING, Vote.NOBODY, 0, Notification.CURRENT_VERSION, Optional.empty());
    byte[] payload = MessageCodec.encode(looking);
    ByteBuffer frame = ByteBuffer.allocate(FrameCodec.encodedBytes(payload));
    FrameCodec.encode(payload, frame);
    return frame.array();
  }

  /** Says that an observer without an id is here, and where it can be called back. */
  void introduce(HostPort callMe) throws IOException {
    var introduction = new InitialMessage.V1(ServerId.OBSERVER, List.of(callMe));
    socket.getOutputStream().write(InitialMessageCodec.encode(introduction));
  }

  /** Reads who calls. */
  InitialMessage readInitialMessage() throws IOException {
    InputStream in = socket.getInputStream();
    socket.setSoTimeout(deadline.millisLeft());
    byte[] read = {};
    for (int needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(read));
        needed > read.length;
        needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(read))) {
      byte[] more = in.readNBytes(needed - read.length);
      if (more.length < needed - read.length) {
        throw new EOFException("it closed the connection");
      }
      int had = read.length;
      read = Arrays.copyOf(read, needed);
      System.arraycopy(more, 0, read, had, more.length);
    }
    return switch (InitialMessageCodec.decode(ByteBuffer.wrap(read))) {
      case Decoded.Ok<InitialMessage>(InitialMessage message) -> message;
      case Decoded.Malformed<InitialMessage>(String reason) -> throw new NonsenseException(reason);
    };
  }

  /**
   * Puts the question, a second time after a while, and returns the first notification that comes.
   * Other frames are passed over.
   */
  Notification ask() throws IOException {
    InputStream in = socket.getInputStream();
    var frames = new FrameDecoder();
    var messages = new MessageCodec();
    byte[] chunk = new byte[READ_BYTES];
    socket.getOutputStream().write(QUESTION);
    socket.setSoTimeout(Math.max(1, deadline.millisLeft() / PARTS));
    while (!deadline.isOver()) {
      int count;
      try {
        count = in.read(chunk);
      } catch (SocketTimeoutException _) {
        socket.getOutputStream().write(QUESTION);
        socket.setSoTimeout(deadline.millisLeft());
        continue;
      }
      if (count < 0) {
        throw new EOFException("end of stream");
      }
      frames.feed(ByteBuffer.wrap(chunk, 0, count));
      for (var frame = frames.next(); frame.isPresent(); frame = frames.next()) {
        Optional<Notification> notification = notification(frame.get(), messages);
        if (notification.isPresent()) {
          return notification.get();
        }
      }
    }
    throw new SocketTimeoutException();
  }

  private static Optional<Notification> notification(Decoded<byte[]> frame, MessageCodec messages)
      throws IOException {
    return switch (frame) {
      case Decoded.Malformed<byte[]>(String reason) -> throw new NonsenseException(reason);
      case Decoded.Ok<byte[]>(byte[] payload) ->
          switch (messages.decode(payload)) {
            case Decoded.Malformed<Message> _ -> Optional.empty();
            case Decoded.Ok<Message>(Notification notification) -> Optional.of(notification);
            case Decoded.Ok<Message>(Hello _),
                Decoded.Ok<Message>(Proposal _),
                Decoded.Ok<Message>(Acknowledgement _),
                Decoded.Ok<Message>(Refusal _),
                Decoded.Ok<Message>(Heartbeat _),
                Decoded.Ok<Message>(Surrender _),
                Decoded.Ok<Message>(UnknownExtension _) ->
                Optional.empty();
          };
    };
  }
}
