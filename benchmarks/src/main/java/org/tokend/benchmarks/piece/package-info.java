/**
 * The pieces of the hot path by themselves, for JMH. Nothing comes in; the time and the memory of each go out. May depend on what
 * it measures.
 */
@NullMarked
package org.tokend.benchmarks.piece;

import org.jspecify.annotations.NullMarked;
