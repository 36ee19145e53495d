import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Brings the classes of an installation's jars that are of Java 5 or before, such as picocli's, to the format of Java 8: older ones
 * have no stack maps, so the JVM verifies them at each start, by inference, and a class cache cannot hold them linked. What they do
 * stays the same. A class that cannot be brought there is left as it is.
 *
 * <p>Run by the build: {@code java RaiseClasses.java LIB}. Running it again changes nothing.
 */
public final class RaiseClasses {
    private final ClassFile format;

    private RaiseClasses(ClassLoader classes) {
        ClassHierarchyResolver ofJars = ClassHierarchyResolver.ofResourceParsing(classes);
        this.format = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(ofJars.orElse(ClassHierarchyResolver.defaultResolver())));
    }

    public static void main(String[] words) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(words[0]), "*.jar")) {
            all.forEach(jars::add);
        }
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        for (Path jar : jars) {
            FileTime modified = Files.getLastModifiedTime(jar);
            Path raised = jar.resolveSibling(jar.getFileName() + ".new");
            boolean changed;
            try (URLClassLoader classes = new URLClassLoader(urls)) {
                changed = new RaiseClasses(classes).copy(jar, raised);
            }
            if (changed) {
                Files.move(raised, jar, StandardCopyOption.REPLACE_EXISTING);
                // The caches know a jar by its time and length; the build makes the same ones again.
                Files.setLastModifiedTime(jar, modified);
            } else {
                Files.delete(raised);
            }
        }
    }

    private boolean copy(Path jar, Path to) throws IOException {
        boolean changed = false;
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream file = new BufferedOutputStream(Files.newOutputStream(to));
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                ZipEntry copied = new ZipEntry(entry.getName());
                copied.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copied);
                try (InputStream content = in.getInputStream(entry)) {
                    byte[] bytes = content.readAllBytes();
                    byte[] raised = entry.getName().endsWith(".class") ? raise(bytes) : bytes;
                    changed |= raised != bytes;
                    out.write(raised);
                }
                out.closeEntry();
            }
        }
        return changed;
    }

    /** @return the same array when there is nothing to do, or it cannot be done */
    private byte[] raise(byte[] bytes) {
        ClassModel old = format.parse(bytes);
        if (old.majorVersion() >= ClassFile.JAVA_6_VERSION) {
            return bytes;
        }
        try {
            ClassTransform version = (builder, element) -> {
                if (element instanceof ClassFileVersion) {
                    builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    builder.with(element);
                }
            };
            byte[] raised = format.transformClass(
                    old, ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL).andThen(version));
            return format.verify(raised).isEmpty() ? raised : bytes;
        } catch (IllegalArgumentException e) {
            // Such as a subroutine (jsr), which newer formats do not have.
            return bytes;
        }
    }
}
