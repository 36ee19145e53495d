/** How results are shown: measurements come in; a table, JSON and SVG go out. Depends on {@code result} only. */
@NullMarked
package org.tokend.benchmarks.report;

import org.jspecify.annotations.NullMarked;
