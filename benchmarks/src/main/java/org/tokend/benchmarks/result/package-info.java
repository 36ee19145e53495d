/** What was measured and what it should have been. Numbers come in; medians, ratios and verdicts go out. Depends on nothing. */
@NullMarked
package org.tokend.benchmarks.result;

import org.jspecify.annotations.NullMarked;
