/** {@code quorate demo}: an ensemble in one process that loses its leader in several ways. */
package io.quorate.examples.demo;
