/** The {@code quorate} command. Start with {@link io.quorate.examples.Main}. */
package io.quorate.examples;
