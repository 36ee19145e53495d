import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;

/**
 * Brings classes of Java 5 or before, such as picocli's, to the format of Java 8: older ones have no stack maps, so the JVM verifies
 * them at each start, by inference, and a class cache cannot hold them linked. What they do stays the same.
 */
final class RaisedClasses {
    private final ClassFile format;

    /** @param classes where those are that the classes mention */
    RaisedClasses(ClassLoader classes) {
        ClassHierarchyResolver ofJars = ClassHierarchyResolver.ofResourceParsing(classes);
        this.format = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(ofJars.orElse(ClassHierarchyResolver.defaultResolver())));
    }

    /** @return the same array when there is nothing to do, or it cannot be done */
    byte[] raise(byte[] bytes) {
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
