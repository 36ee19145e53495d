/**
 * The command behind {@code ./bench}. Options come in; measurements, plots and met or missed goals go out. Depends on all packages below.
 */
@NullMarked
package org.tokend.benchmarks;

import org.jspecify.annotations.NullMarked;
