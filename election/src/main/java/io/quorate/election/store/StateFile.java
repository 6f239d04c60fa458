package io.quorate.election.store;

import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Envelope;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Hello;
import io.quorate.protocol.ServerId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The content of a state file. Immutable. It is in an {@link Envelope} of kind {@code QRSTATE1}:
 *
 * <pre>
 *   offset  length
 *        0       8  generation: 1 for the first file that was written here, then 2, ...
 *        8       8  id of the voter
 *       16       8  promised epoch
 *       24       8  promised to
 *       32       8  promised instance
 *       40       8  current epoch
 *       48       8  grant in nanoseconds
 *       56       1  clean: 1, or 0
 *       57   0-255  name of the ensemble, UTF-8
 * </pre>
 *
 * @param generation how many files have been written, from 1 up
 * @param self whose state
 * @param ensembleName the ensemble in which it is a voter
 * @param state what it must remember
 */
record StateFile(long generation, ServerId self, String ensembleName, EpochState state) {
  private static final int FIXED_BYTES = 7 * Long.BYTES + 1;
  private static final Envelope ENVELOPE =
      new Envelope("QRSTATE1", 1, FIXED_BYTES + Hello.MAX_NAME_BYTES);

  /** The length of the longest state file. */
  static final int MAX_BYTES = ENVELOPE.longestFile();

  /** Returns the bytes of the file. */
  byte[] encode() {
    byte[] name = ensembleName.getBytes(StandardCharsets.UTF_8);
    var content = ByteBuffer.allocate(FIXED_BYTES + name.length);
    content.putLong(generation).putLong(self.value());
    content.putLong(state.promisedEpoch()).putLong(state.promisedTo().value());
    content.putLong(state.promisedInstance()).putLong(state.currentEpoch());
    content.putLong(state.grant().toNanos()).put((byte) (state.clean() ? 1 : 0)).put(name);
    return ENVELOPE.seal(content.array());
  }

  /**
   * Reads a file of any bytes.
   *
   * @throws DamagedException if they are not exactly what was once encoded
   */
  static StateFile decode(byte[] file) throws DamagedException {
    var content = ByteBuffer.wrap(ENVELOPE.open(file));
    if (content.remaining() < FIXED_BYTES) {
      throw new DamagedException("is damaged: it ends too early");
    }
    long generation = content.getLong();
    if (generation < 1) {
      throw new DamagedException("is damaged: its generation is " + generation);
    }
    var self = ServerId.of(content.getLong());
    EpochState state = state(content);
    return new StateFile(generation, self, name(content), state);
  }

  private static EpochState state(ByteBuffer content) throws DamagedException {
    long promisedEpoch = content.getLong();
    var promisedTo = ServerId.of(content.getLong());
    long promisedInstance = content.getLong();
    long currentEpoch = content.getLong();
    var grant = Duration.ofNanos(content.getLong());
    byte clean = content.get();
    if (clean != 0 && clean != 1) {
      throw new DamagedException("is damaged: " + clean + " stands where 0 or 1 belongs");
    }
    try {
      return new EpochState(
          promisedEpoch, promisedTo, promisedInstance, currentEpoch, grant, clean == 1);
    } catch (IllegalArgumentException e) {
      throw new DamagedException("is damaged: " + e.getMessage());
    }
  }

  private static String name(ByteBuffer rest) throws DamagedException {
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
    } catch (CharacterCodingException _) {
      throw new DamagedException("is damaged: the name of the ensemble is not UTF-8");
    }
    // The name goes into messages of one line.
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new DamagedException("is damaged: the name of the ensemble has a control character");
    }
    return name;
  }
}
