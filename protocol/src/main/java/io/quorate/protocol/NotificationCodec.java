package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Notifications to bytes and back, wire-format section 3. All integers are big-endian.
 *
 * <pre>
 *                                                      length of the payload
 *   offset                                             28    36    40    44+n
 *    0  int   state: 0 looking, 1 following,
 *             2 leading, 3 observing                    x     x     x     x
 *    4  long  leader                                    x     x     x     x
 *   12  long  zxid                                      x     x     x     x
 *   20  long  round (electionEpoch)                     x     x     x     x
 *   28  long  peerEpoch                            zxid>>32   x     x     x
 *   36  int   format version                            0     0  read as 0  2
 *   40  int   config length n                                             x
 *   44  n     config text, UTF-8, nothing if n is 0                       x
 * </pre>
 *
 * In the longest layout a version above 2 is read as 2; one below 2 carries no config, and one
 * below 0 counts as 0. Bytes after the config are ignored. Other lengths are malformed.
 *
 * <p>An instance belongs to one thread, and best to one connection. It remembers the last few
 * configuration texts, so that a text that comes with every notification is parsed once and comes
 * back as the same instance.
 */
public final class NotificationCodec {

  /** Where the text starts, and the shortest payload of the longest layout. */
  static final int CONFIG_OFFSET = 44;

  private static final int BYTES_WITHOUT_EPOCH = 28;
  private static final int BYTES_WITHOUT_VERSION = 36;
  private static final int BYTES_WITHOUT_CONFIG = 40;

  /** How many texts an instance remembers. */
  static final int MAX_REMEMBERED_TEXTS = 8;

  /** The longest text that is remembered, in bytes, so that a peer cannot fill memory with them. */
  static final int MAX_REMEMBERED_BYTES = 64 * 1024;

  /** The latest used comes first. */
  private final ArrayDeque<ConfigText> remembered = new ArrayDeque<>(MAX_REMEMBERED_TEXTS);

  /** Makes one that remembers nothing yet. */
  public NotificationCodec() {}

  /**
   * Returns the payload of a frame for a notification, in the layout of format version 2, whatever
   * version it has itself.
   *
   * @param notification what to send
   * @return 44 bytes and the config text, without the frame's length
   */
  public static byte[] encode(Notification notification) {
    int configLength = notification.config().map(ConfigText::length).orElse(0);
    ByteBuffer out =
        ByteBuffer.allocate(CONFIG_OFFSET + configLength)
            .putInt(notification.state().wireCode())
            .putLong(notification.vote().leader().value())
            .putLong(notification.vote().zxid())
            .putLong(notification.round())
            .putLong(notification.vote().peerEpoch())
            .putInt(Notification.CURRENT_VERSION)
            .putInt(configLength);
    notification.config().ifPresent(config -> config.putInto(out));
    return out.array();
  }

  /**
   * Reads the payload of a frame.
   *
   * @param payload the bytes between position and limit, which stay where they are; nothing refers
   *     to them afterwards
   * @return the notification, or why it is to be dropped
   */
  public Decoded<Notification> decode(ByteBuffer payload) {
    ByteBuffer in = payload.duplicate();
    int length = in.remaining();
    if (length < CONFIG_OFFSET
        && length != BYTES_WITHOUT_EPOCH
        && length != BYTES_WITHOUT_VERSION
        && length != BYTES_WITHOUT_CONFIG) {
      return new Decoded.Malformed<>("no notification has " + length + " bytes");
    }
    Optional<ServerState> state = ServerState.ofWireCode(in.getInt());
    if (state.isEmpty()) {
      return new Decoded.Malformed<>("a notification has a state that does not exist");
    }
    ServerId leader = ServerId.of(in.getLong());
    long zxid = in.getLong();
    long round = in.getLong();
    long peerEpoch = length == BYTES_WITHOUT_EPOCH ? zxid >> 32 : in.getLong();
    var vote = new Vote(leader, zxid, peerEpoch);
    int version =
        length < CONFIG_OFFSET ? 0 : Math.clamp(in.getInt(), 0, Notification.CURRENT_VERSION);
    if (version < Notification.CURRENT_VERSION) {
      return new Decoded.Ok<>(
          new Notification(state.get(), vote, round, version, Optional.empty()));
    }
    return switch (decodeConfig(in)) {
      case Decoded.Ok<Optional<ConfigText>>(Optional<ConfigText> config) ->
          new Decoded.Ok<>(new Notification(state.get(), vote, round, version, config));
      case Decoded.Malformed<Optional<ConfigText>>(String reason) ->
          new Decoded.Malformed<>(reason);
    };
  }

  private Decoded<Optional<ConfigText>> decodeConfig(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      return new Decoded.Malformed<>("a config text is not as long as announced");
    }
    if (length == 0) {
      return new Decoded.Ok<>(Optional.empty());
    }
    ByteBuffer text = in.slice(in.position(), length);
    Optional<ConfigText> known = recall(text);
    if (known.isPresent()) {
      return new Decoded.Ok<>(known);
    }
    return switch (ConfigText.parse(text)) {
      case Decoded.Ok<ConfigText>(ConfigText parsed) -> {
        remember(parsed);
        yield new Decoded.Ok<>(Optional.of(parsed));
      }
      case Decoded.Malformed<ConfigText>(String reason) -> new Decoded.Malformed<>(reason);
    };
  }

  private Optional<ConfigText> recall(ByteBuffer text) {
    for (Iterator<ConfigText> texts = remembered.iterator(); texts.hasNext(); ) {
      ConfigText candidate = texts.next();
      if (candidate.hasBytes(text)) {
        texts.remove();
        remembered.addFirst(candidate);
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private void remember(ConfigText text) {
    if (text.length() > MAX_REMEMBERED_BYTES) {
      return;
    }
    if (remembered.size() == MAX_REMEMBERED_TEXTS) {
      remembered.removeLast();
    }
    remembered.addFirst(text);
  }
}
