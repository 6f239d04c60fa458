/** {@code quorate demo}: an ensemble in one process that loses its leader. */
package io.quorate.examples.demo;
