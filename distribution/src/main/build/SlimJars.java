import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes out of an installation's jars what it has no use for:
 *
 * <ul>
 *   <li>signatures of single jars: the JVM verifies each class against them at each start, takes no class of a signed jar into its caches, and
 *       nothing here trusts one jar more than another;
 *   <li>native libraries, which stand as files in lib/native: a jar's are unpacked into a temporary directory at each start.
 * </ul>
 *
 * and brings old classes to a newer format, see {@link RaisedClasses}. Run by the build: {@code java SlimJars.java LIB}. Running it again
 * changes nothing.
 */
public final class SlimJars {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    private static final Pattern NATIVE = Pattern.compile("(META-INF/native/|natives/|jni/).*\\.(so|jnilib|dylib|dll|a)");

    private final RaisedClasses classes;

    private SlimJars(ClassLoader all) {
        this.classes = new RaisedClasses(all);
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
            // Not one for all: it keeps files open, and those it has not opened yet are replaced.
            try (URLClassLoader all = new URLClassLoader(urls)) {
                new SlimJars(all).slim(jar);
            }
        }
    }

    private void slim(Path jar) throws IOException {
        FileTime modified = Files.getLastModifiedTime(jar);
        Path slimmer = jar.resolveSibling(jar.getFileName() + ".new");
        if (!copy(jar, slimmer)) {
            Files.delete(slimmer);
            return;
        }
        Files.move(slimmer, jar, StandardCopyOption.REPLACE_EXISTING);
        // The caches know a jar by its time and length; the build makes the same ones again.
        Files.setLastModifiedTime(jar, modified);
    }

    /** @return whether the copy is another */
    private boolean copy(Path jar, Path to) throws IOException {
        List<ZipEntry> kept = new ArrayList<>();
        boolean raised = false;
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(to)))) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                if (!SIGNATURE.matcher(entry.getName()).matches() && !NATIVE.matcher(entry.getName()).matches()) {
                    kept.add(entry);
                }
            }
            boolean drops = kept.size() != in.size();
            for (ZipEntry entry : kept) {
                ZipEntry copied = new ZipEntry(entry.getName());
                copied.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copied);
                try (InputStream content = in.getInputStream(entry)) {
                    if (drops && entry.getName().equals("META-INF/MANIFEST.MF")) {
                        withoutDigests(content, out);
                    } else {
                        byte[] bytes = content.readAllBytes();
                        byte[] written = entry.getName().endsWith(".class") ? classes.raise(bytes) : bytes;
                        raised |= written != bytes;
                        out.write(written);
                    }
                }
                out.closeEntry();
            }
            return drops || raised;
        }
    }

    /** A digest of a class without a signature over it would still be computed. */
    private static void withoutDigests(InputStream content, OutputStream out) throws IOException {
        Manifest manifest = new Manifest(content);
        for (Attributes attributes : manifest.getEntries().values()) {
            attributes.keySet().removeIf(name -> name.toString().endsWith("-Digest"));
        }
        manifest.getEntries().values().removeIf(Attributes::isEmpty);
        manifest.write(out);
    }
}
