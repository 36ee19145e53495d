/**
 * Mail as bytes: what comes in is a file or a stream that may be far larger than the heap, what goes out are header fields
 * and the MIME entity in canonical form, or the bytes inside an S/MIME body. May depend on Jakarta Mail (header values
 * only) and the JDK.
 */
@NullMarked
package org.tokend.smime.mime;

import org.jspecify.annotations.NullMarked;
