/**
 * The Java agent: attaches a monitor to every trainer of a DJL program that knows nothing of it.
 *
 * <p>Three worlds of classes meet here, and share none but those of the JDK:
 *
 * <ol>
 *   <li>{@code Premain}, which the virtual machine loads beside the program, only opens the door.
 *   <li>{@code Agent} and what it needs to read the settings and to change DJL's classes live in a
 *       loader of their own, which the program does not see, and which sees nothing of the program.
 *   <li>{@code Attachment} and the monitor are loaded once for each class loader that has a DJL, by
 *       a loader that has that one as its parent: so they meet the program's DJL, wherever it is.
 * </ol>
 *
 * <p>DJL's changed methods call functions of the JDK's types in a class that is made in {@code
 * java.lang}, where all loaders look first, see {@code Hook}.
 */
@NullMarked
package dev.latentgauge.agent.attach;

import org.jspecify.annotations.NullMarked;
