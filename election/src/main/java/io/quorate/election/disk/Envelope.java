package io.quorate.election.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What is around the content of each of our files, and shows whether it is whole. Immutable.
 *
 * <pre>
 *   offset  length
 *        0       8  kind of file, ASCII
 *        8       4  format version of the content
 *       12       4  n, the length of the content
 *       16       n  content
 *     16+n       4  CRC32C of all bytes before
 * </pre>
 *
 * All numbers are big endian. Nothing comes after.
 *
 * @param kind 8 characters of ASCII
 * @param version of the content's format; no other is read
 * @param longest the longest content in bytes
 */
public record Envelope(String kind, int version, int longest) {
  private static final int KIND_BYTES = 8;
  private static final int HEADER_BYTES = KIND_BYTES + Integer.BYTES + Integer.BYTES;
  private static final int AROUND_BYTES = HEADER_BYTES + Integer.BYTES;

  /**
   * Returns the length of the longest file of this kind.
   *
   * @return a number of bytes
   */
  public int longestFile() {
    return AROUND_BYTES + longest;
  }

  /**
   * Returns what a file holds.
   *
   * @param content at most {@link #longest} bytes
   * @return the bytes of the file
   */
  public byte[] seal(byte[] content) {
    if (content.length > longest) {
      throw new IllegalArgumentException(content.length + " bytes in a file for " + longest);
    }
    var file = ByteBuffer.allocate(AROUND_BYTES + content.length);
    file.put(kind.getBytes(StandardCharsets.US_ASCII)).putInt(version);
    file.putInt(content.length).put(content);
    return file.putInt(checksum(file.array(), file.position())).array();
  }

  /**
   * Returns the content of a file.
   *
   * @param file its bytes, any
   * @return what was sealed
   * @throws DamagedException if that is not certain, or the version is unknown
   */
  public byte[] open(byte[] file) throws DamagedException {
    if (file.length < AROUND_BYTES) {
      throw new DamagedException("is torn: it has only " + file.length + " bytes");
    }
    var bytes = ByteBuffer.wrap(file);
    byte[] start = new byte[KIND_BYTES];
    bytes.get(start);
    if (!kind.equals(new String(start, StandardCharsets.ISO_8859_1))) {
      throw new DamagedException("is damaged, or was never ours: it does not start with " + kind);
    }
    int found = bytes.getInt();
    if (found != version) {
      throw new UnknownVersionException(found, version);
    }
    int length = bytes.getInt();
    if (length < 0 || length > longest || file.length != AROUND_BYTES + length) {
      throw new DamagedException("is torn: its length is wrong");
    }
    byte[] content = new byte[length];
    bytes.get(content);
    if (bytes.getInt() != checksum(file, HEADER_BYTES + length)) {
      throw new DamagedException("is damaged: its checksum is wrong");
    }
    return content;
  }

  private static int checksum(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
