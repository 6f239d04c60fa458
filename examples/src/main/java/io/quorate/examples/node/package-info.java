/** {@code quorate node}: one server in the foreground. */
package io.quorate.examples.node;
