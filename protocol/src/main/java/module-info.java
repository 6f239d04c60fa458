/**
 * The bytes of ZooKeeper's election port, and of our own frames on it, to records and back.
 *
 * <p>Pure: no IO, no thread, no clock, no logging. Decoding is total: it returns a value or the
 * reason why there is none.
 */
@org.jspecify.annotations.NullMarked
module io.quorate.protocol {
  // Annotations only; transitive because they stand on the exported signatures.
  requires static transitive org.jspecify;

  exports io.quorate.protocol;
}
