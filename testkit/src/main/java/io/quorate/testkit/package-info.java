/** Tries elections in a simulation. */
package io.quorate.testkit;
