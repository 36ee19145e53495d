/** Stand-ins for the bridge in the tests of the daemon. */
@org.jspecify.annotations.NullMarked
package org.tokend.daemon.software;
