/** {@code quorate probe}: asks running servers who leads. */
package io.quorate.examples.probe;
