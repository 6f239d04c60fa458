/** What another kind of transport implements. */
package io.quorate.transport.spi;
