package io.quorate.transport;

import java.time.Duration;

/** Limits for a test: quick to retry, everything else as by default. */
final class Tuning {

  Duration handshakeTimeout = Duration.ofSeconds(10);
  int handshakes = TransportLimits.defaults().handshakes();
  int handshakesPerAddress = TransportLimits.defaults().handshakesPerAddress();
  int observers = 2;
  Duration connectTimeout = TransportLimits.defaults().connectTimeout();

  /** After how long one dials again that leaves it to the others: never, in a test. */
  Duration patience = Duration.ofMinutes(5);

  Duration dialBackoffMin = Duration.ofMillis(10);
  Duration dialBackoffMax = Duration.ofMillis(200);
  Duration writeTimeout = Duration.ofSeconds(30);
  Duration keepAliveIdle = Duration.ofSeconds(5);
  int sendQueue = 64;
  int receiveQueue = 64;
  Duration closeTimeout = Duration.ofSeconds(10);

  TransportLimits limits() {
    return TransportLimits.builder()
        .handshakeTimeout(handshakeTimeout)
        .handshakes(handshakes)
        .handshakesPerAddress(handshakesPerAddress)
        .observers(observers)
        .connectTimeout(connectTimeout)
        .dialBackoffMin(dialBackoffMin)
        .dialBackoffMax(dialBackoffMax)
        .writeTimeout(writeTimeout)
        .keepAliveIdle(keepAliveIdle)
        .sendQueue(sendQueue)
        .receiveQueue(receiveQueue)
        .closeTimeout(closeTimeout)
        .build();
  }
}
