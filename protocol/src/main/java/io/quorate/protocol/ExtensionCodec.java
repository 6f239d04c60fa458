package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Our own frames, wire-format section 6. A ZooKeeper server drops each of them: it knows no state
 * of that number, and the 1 at offset 36 keeps it from looking for a configuration.
 *
 * <pre>
 *   every kind                            Hello, kind 0x51000001
 *    0  int   kind, from 0x51000001 up     4  epoch     largest promised epoch, 0..
 *    4  long  epoch                       12  sequence  0
 *   12  long  sequence                    20  a         protocol version, 1..2^31-1
 *   20  long  a                           28  b         priority, 0..2^31-1
 *   28  long  b                           body:
 *   36  int   1                             int  name length,   0..255
 *   40  int   body length                   n    name, UTF-8
 *   44  n     body                          int  digest length, 0..64
 *                                           n    digest
 * </pre>
 *
 * Bytes after the body, and after what we know of a body, are ignored: a newer version can add
 * fields. The frames without a body are drawn in {@link PromiseCodec}. To add a kind: its constant,
 * the last one that is known, its record in {@link Message}, a case in {@link #decode} and {@link
 * MessageCodec#encode}, and its place in a drawing.
 */
final class ExtensionCodec {

  static final int FIRST_KIND = 0x51000001;
  static final int HELLO = FIRST_KIND;
  static final int PROPOSAL = 0x51000002;
  static final int ACKNOWLEDGEMENT = 0x51000003;
  static final int REFUSAL = 0x51000004;
  static final int HEARTBEAT = 0x51000005;
  static final int SURRENDER = 0x51000006;
  private static final int LAST_KNOWN_KIND = SURRENDER;

  private static final int EPOCH_OFFSET = 4;
  private static final int SEQUENCE_OFFSET = 12;
  private static final int A_OFFSET = 20;
  private static final int B_OFFSET = 28;
  static final int FORMAT_VERSION_OFFSET = 36;
  private static final int BODY_LENGTH_OFFSET = 40;
  static final int BODY_OFFSET = 44;

  /** Below 2 at its offset, so that a ZooKeeper server reads no configuration. */
  private static final int FORMAT_VERSION = 1;

  private ExtensionCodec() {}

  /** Tells whether a first int is one of ours. */
  static boolean isExtension(int kind) {
    return kind >= FIRST_KIND;
  }

  static boolean isKnown(int kind) {
    return kind >= FIRST_KIND && kind <= LAST_KNOWN_KIND;
  }

  static byte[] encode(Hello hello) {
    byte[] name = Utf8.encode(hello.ensembleName());
    byte[] digest = hello.configDigest().bytes();
    ByteBuffer buffer =
        begin(HELLO, Integer.BYTES + name.length + Integer.BYTES + digest.length)
            .putLong(hello.promisedEpoch())
            .putLong(0)
            .putLong(hello.protocolVersion())
            .putLong(hello.priority());
    return body(buffer).putInt(name.length).put(name).putInt(digest.length).put(digest).array();
  }

  /** Without a body, since none was kept. */
  static byte[] encode(UnknownExtension unknown) {
    return withoutBody(
        unknown.kind(), unknown.epoch(), unknown.sequence(), unknown.a(), unknown.b());
  }

  static byte[] withoutBody(int kind, long epoch, long sequence, long a, long b) {
    ByteBuffer buffer = begin(kind, 0).putLong(epoch).putLong(sequence).putLong(a).putLong(b);
    return body(buffer).array();
  }

  private static ByteBuffer begin(int kind, int bodyLength) {
    return ByteBuffer.allocate(BODY_OFFSET + bodyLength).putInt(kind);
  }

  private static ByteBuffer body(ByteBuffer afterTheFields) {
    int bodyLength = afterTheFields.capacity() - BODY_OFFSET;
    return afterTheFields.putInt(FORMAT_VERSION).putInt(bodyLength);
  }

  /** Decodes what has a first int of ours. */
  static Decoded<Message> decode(byte[] payload) {
    if (payload.length < BODY_OFFSET) {
      return new Decoded.Malformed<>("an extension has at least " + BODY_OFFSET + " bytes");
    }
    int kind = BigEndian.getInt(payload, 0);
    long epoch = BigEndian.getLong(payload, EPOCH_OFFSET);
    long sequence = BigEndian.getLong(payload, SEQUENCE_OFFSET);
    long a = BigEndian.getLong(payload, A_OFFSET);
    long b = BigEndian.getLong(payload, B_OFFSET);
    if (BigEndian.getInt(payload, FORMAT_VERSION_OFFSET) != FORMAT_VERSION) {
      return new Decoded.Malformed<>("an extension has a 1 at offset " + FORMAT_VERSION_OFFSET);
    }
    int bodyLength = BigEndian.getInt(payload, BODY_LENGTH_OFFSET);
    if (bodyLength < 0 || bodyLength > payload.length - BODY_OFFSET) {
      return new Decoded.Malformed<>("an extension's body is not as long as announced");
    }
    return switch (kind) {
      case HELLO -> decodeHello(epoch, a, b, ByteBuffer.wrap(payload, BODY_OFFSET, bodyLength));
      case PROPOSAL -> PromiseCodec.decodeProposal(epoch, sequence, a, b);
      case ACKNOWLEDGEMENT -> PromiseCodec.decodeAcknowledgement(epoch, sequence, a);
      case REFUSAL -> PromiseCodec.decodeRefusal(epoch, sequence, a, b);
      case HEARTBEAT -> PromiseCodec.decodeHeartbeat(epoch, sequence, a, b);
      case SURRENDER -> PromiseCodec.decodeSurrender(epoch, a, b);
      default -> new Decoded.Ok<>(new UnknownExtension(kind, epoch, sequence, a, b));
    };
  }

  private static Decoded<Message> decodeHello(
      long promisedEpoch, long protocolVersion, long priority, ByteBuffer body) {
    if (protocolVersion < 1 || protocolVersion > Integer.MAX_VALUE) {
      return new Decoded.Malformed<>("a hello has a protocol version that cannot be");
    }
    if (priority < 0 || priority > Integer.MAX_VALUE || promisedEpoch < 0) {
      return new Decoded.Malformed<>("a hello has a priority or a promised epoch that cannot be");
    }
    Optional<ByteBuffer> nameBytes = readBlock(body, Hello.MAX_NAME_BYTES);
    Optional<ByteBuffer> digestBytes =
        nameBytes.isEmpty() ? Optional.empty() : readBlock(body, ConfigDigest.MAX_BYTES);
    if (nameBytes.isEmpty() || digestBytes.isEmpty()) {
      return new Decoded.Malformed<>("a hello's name or digest is too long or cut short");
    }
    Optional<String> name = Utf8.decode(nameBytes.get());
    if (name.isEmpty() || name.get().chars().anyMatch(Character::isISOControl)) {
      return new Decoded.Malformed<>("a hello's name is not UTF-8, or has a control character");
    }
    var digest = new byte[digestBytes.get().remaining()];
    digestBytes.get().get(digest);
    return new Decoded.Ok<>(
        new Hello(
            (int) protocolVersion,
            name.get(),
            ConfigDigest.ofBytes(digest),
            (int) priority,
            promisedEpoch));
  }

  /** Reads an int and as many bytes; empty if they are more than allowed or more than there are. */
  private static Optional<ByteBuffer> readBlock(ByteBuffer in, int maxLength) {
    if (in.remaining() < Integer.BYTES) {
      return Optional.empty();
    }
    int length = in.getInt();
    if (length < 0 || length > maxLength || length > in.remaining()) {
      return Optional.empty();
    }
    ByteBuffer block = in.slice(in.position(), length);
    in.position(in.position() + length);
    return Optional.of(block);
  }
}
