/** System calls that the JDK does not offer: locked memory, process attributes, socket pairs. Depends on the JDK's foreign function interface only. */
@NullMarked
package org.tokend.pkcs11.linux;

import org.jspecify.annotations.NullMarked;
