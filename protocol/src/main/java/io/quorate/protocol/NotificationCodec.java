package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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

  private static final int LEADER_OFFSET = 4;
  private static final int ZXID_OFFSET = 12;
  private static final int ROUND_OFFSET = 20;
  private static final int EPOCH_OFFSET = 28;
  private static final int VERSION_OFFSET = 36;
  private static final int CONFIG_LENGTH_OFFSET = 40;

  private static final int BYTES_WITHOUT_EPOCH = EPOCH_OFFSET;
  private static final int BYTES_WITHOUT_VERSION = VERSION_OFFSET;
  private static final int BYTES_WITHOUT_CONFIG = CONFIG_LENGTH_OFFSET;

  /** How many texts an instance remembers. */
  static final int MAX_REMEMBERED_TEXTS = 8;

  /** The longest text that is remembered, in bytes, so that a peer cannot fill memory with them. */
  static final int MAX_REMEMBERED_BYTES = 64 * 1024;

  /** The latest used comes first. None is empty: they are what a notification has in it. */
  private final List<Optional<ConfigText>> remembered = new ArrayList<>();

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
   * Reads the payload of a frame. Allocates nothing but what it returns, unless a text is new.
   *
   * @param payload the whole of it; stays as it is, and nothing refers to it afterwards
   * @return the notification, or why it is to be dropped
   */
  public Decoded<Notification> decode(byte[] payload) {
    int length = payload.length;
    if (length < CONFIG_OFFSET
        && length != BYTES_WITHOUT_EPOCH
        && length != BYTES_WITHOUT_VERSION
        && length != BYTES_WITHOUT_CONFIG) {
      return new Decoded.Malformed<>("no notification has " + length + " bytes");
    }
    Optional<ServerState> state = ServerState.ofWireCode(BigEndian.getInt(payload, 0));
    if (state.isEmpty()) {
      return new Decoded.Malformed<>("a notification has a state that does not exist");
    }
    ServerId leader = ServerId.of(BigEndian.getLong(payload, LEADER_OFFSET));
    long zxid = BigEndian.getLong(payload, ZXID_OFFSET);
    long round = BigEndian.getLong(payload, ROUND_OFFSET);
    long peerEpoch =
        length == BYTES_WITHOUT_EPOCH ? zxid >> 32 : BigEndian.getLong(payload, EPOCH_OFFSET);
    var vote = new Vote(leader, zxid, peerEpoch);
    int version =
        length < CONFIG_OFFSET
            ? 0
            : Math.clamp(
                BigEndian.getInt(payload, VERSION_OFFSET), 0, Notification.CURRENT_VERSION);
    if (version < Notification.CURRENT_VERSION) {
      return new Decoded.Ok<>(
          new Notification(state.get(), vote, round, version, Optional.empty()));
    }
    int configLength = BigEndian.getInt(payload, CONFIG_LENGTH_OFFSET);
    if (configLength < 0 || configLength > length - CONFIG_OFFSET) {
      return new Decoded.Malformed<>("a config text is not as long as announced");
    }
    Optional<ConfigText> known = recall(payload, configLength);
    if (configLength == 0 || known.isPresent()) {
      return new Decoded.Ok<>(new Notification(state.get(), vote, round, version, known));
    }
    return switch (ConfigText.parse(ByteBuffer.wrap(payload, CONFIG_OFFSET, configLength))) {
      case Decoded.Ok<ConfigText>(ConfigText text) ->
          new Decoded.Ok<>(new Notification(state.get(), vote, round, version, remembered(text)));
      case Decoded.Malformed<ConfigText>(String reason) -> new Decoded.Malformed<>(reason);
    };
  }

  private Optional<ConfigText> recall(byte[] payload, int configLength) {
    for (int i = 0; i < remembered.size() && configLength > 0; i++) {
      Optional<ConfigText> candidate = remembered.get(i);
      if (candidate.orElseThrow().hasBytes(payload, CONFIG_OFFSET, configLength)) {
        if (i > 0) {
          remembered.addFirst(remembered.remove(i));
        }
        return candidate;
      }
    }
    return Optional.empty();
  }

  private Optional<ConfigText> remembered(ConfigText text) {
    Optional<ConfigText> present = Optional.of(text);
    if (text.length() <= MAX_REMEMBERED_BYTES) {
      if (remembered.size() == MAX_REMEMBERED_TEXTS) {
        remembered.removeLast();
      }
      remembered.addFirst(present);
    }
    return present;
  }
}
