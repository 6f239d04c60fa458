/** {@code quorate simulate}: whole ensembles in virtual time, with faults, seed by seed. */
package io.quorate.examples.simulate;
