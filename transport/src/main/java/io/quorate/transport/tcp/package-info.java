/**
 * The transport over TCP sockets. Start with {@link io.quorate.transport.tcp.TcpTransport}.
 *
 * <p>Every thread, and what it may touch; {@code N} is our id, {@code P} a peer's:
 *
 * <table>
 *   <caption>Threads</caption>
 *   <tr><th>name</th><th>how many</th><th>what it does</th></tr>
 *   <tr><td>quorate-N-accept-I</td><td>one per bind address</td>
 *       <td>binds and accepts; hands each socket to a handshake</td></tr>
 *   <tr><td>quorate-N-handshake-I</td><td>one per half-open connection, bounded</td>
 *       <td>reads the initial message; puts the connection in the table or closes it</td></tr>
 *   <tr><td>quorate-N-dial-P</td><td>one per peer</td>
 *       <td>decides when to dial; writes the initial message</td></tr>
 *   <tr><td>quorate-N-dial-P-I</td><td>one per address, while a dial is in flight</td>
 *       <td>connects</td></tr>
 *   <tr><td>quorate-N-resolve-HOST</td><td>at most one per configured host</td>
 *       <td>asks the resolver; a platform thread, because a native look-up would hold the carrier
 *       of a virtual one</td></tr>
 *   <tr><td>quorate-N-send-P, quorate-N-receive-P</td><td>one each per connection</td>
 *       <td>write and read its socket</td></tr>
 *   <tr><td>quorate-N-watchdog</td><td>one</td>
 *       <td>closes what did not progress in time</td></tr>
 *   <tr><td>quorate-N-alarm</td><td>one</td>
 *       <td>wakes those who have waited long enough for an event</td></tr>
 * </table>
 *
 * <p>Lock order: dialer, then connection table, then receive queue, then alarm; dialer, then
 * connect race. Every other lock is taken alone. No lock is held during IO.
 */
package io.quorate.transport.tcp;
