/**
 * The hot path: a caller's request comes in, a reply goes out. Each stage has one input and one output: the request is
 * decoded to a task, the key found, the use granted, the token unlocked, a turn at the token taken, the result verified, the
 * record written, the reply made. May depend on all packages of the daemon but {@code front} and {@code transport}.
 */
@NullMarked
package org.tokend.daemon.dispatch;

import org.jspecify.annotations.NullMarked;
