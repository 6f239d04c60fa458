import io.quorate.election.spi.ElectionProvider;

/**
 * A simulator of whole ensembles on one thread and in virtual time, which drives the production
 * core and its codecs from a seed.
 */
@org.jspecify.annotations.NullMarked
module io.quorate.testkit {
  requires transitive io.quorate.election;

  exports io.quorate.testkit;

  uses ElectionProvider;
}
