/** One class for each question. A rig and a scale come in; measurements go out. Depends on {@code rig} and {@code result}. */
@NullMarked
package org.tokend.benchmarks.experiment;

import org.jspecify.annotations.NullMarked;
