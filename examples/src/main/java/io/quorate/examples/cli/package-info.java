/** What the commands share: how arguments are read and lines are written. */
package io.quorate.examples.cli;
