package org.tokend.pkcs11;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The arrows that the package-info files draw. */
@AnalyzeClasses(packages = "org.tokend.pkcs11", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesDependDownwardsOnly = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("vocabulary")
            .definedBy("org.tokend.pkcs11")
            .layer("uri")
            .definedBy("org.tokend.pkcs11.uri")
            .layer("linux")
            .definedBy("org.tokend.pkcs11.linux")
            .layer("cryptoki")
            .definedBy("org.tokend.pkcs11.cryptoki")
            .optionalLayer("discovery")
            .definedBy("org.tokend.pkcs11.discovery")
            .optionalLayer("rpc")
            .definedBy("org.tokend.pkcs11.rpc")
            .layer("host")
            .definedBy("org.tokend.pkcs11.host")
            .optionalLayer("session")
            .definedBy("org.tokend.pkcs11.session")
            .layer("object")
            .definedBy("org.tokend.pkcs11.object")
            .optionalLayer("key")
            .definedBy("org.tokend.pkcs11.key")
            .optionalLayer("operation")
            .definedBy("org.tokend.pkcs11.operation")
            .optionalLayer("possession")
            .definedBy("org.tokend.pkcs11.possession")
            .layer("token")
            .definedBy("org.tokend.pkcs11.token")
            .optionalLayer("application")
            .definedBy("org.tokend.pkcs11.application")
            .optionalLayer("provision")
            .definedBy("org.tokend.pkcs11.provision")
            .whereLayer("provision")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("application")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("token")
            .mayOnlyBeAccessedByLayers("application", "provision")
            .whereLayer("possession")
            .mayOnlyBeAccessedByLayers("token")
            .whereLayer("operation")
            .mayOnlyBeAccessedByLayers("possession", "token", "application")
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("operation", "possession", "token")
            .whereLayer("key")
            .mayOnlyBeAccessedByLayers("operation", "possession", "token", "application", "provision")
            .whereLayer("object")
            .mayOnlyBeAccessedByLayers("key", "token")
            .whereLayer("host")
            .mayOnlyBeAccessedByLayers("session", "token")
            .whereLayer("rpc")
            .mayOnlyBeAccessedByLayers("host")
            .whereLayer("discovery")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching("org.tokend.pkcs11.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheWrappersAreUsedFromOutside = ArchRuleDefinition.classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.tokend.pkcs11..",
                    "java..",
                    "javax.crypto..",
                    "javax.security..",
                    "iaik.pkcs.pkcs11..",
                    "org.xipki.pkcs11..",
                    "sun.security.pkcs11.wrapper..",
                    "org.jspecify.annotations..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule wrappersAreUsedInOnePackageOnly = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage("org.tokend.pkcs11.cryptoki")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("iaik.pkcs.pkcs11..", "org.xipki.pkcs11..", "sun.security.pkcs11.wrapper..")
            .allowEmptyShould(true);
}
