/** A worked example of an election of one's own: the largest reachable id leads. */
package io.quorate.examples.bully;
