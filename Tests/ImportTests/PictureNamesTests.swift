import AWS
import ProjectImport
import Testing

@Suite struct PictureNamesTests {
    @Test(arguments: [
        ("Modern smartphone", "modern_smartphone"), ("  tech -- workspace! ", "tech_workspace"), ("Zürich, Café Ølberg", "zurich_cafe_olberg"),
        ("Zu\u{308}rich", "zurich"), ("STRASSE / Straße", "strasse_strasse"), ("Ægir & Œuvre", "aegir_oeuvre"), ("長城", ""), ("", ""),
        ("../../etc/passwd", "etc_passwd"), ("a\u{0}b\nc\\d", "a_b_c_d"), ("\u{202E}gpj.exe", "gpj_exe"), ("ＡＢＣ", ""), ("🚀 rocket 2", "rocket_2"),
        (String(repeating: "ab ", count: 1000), String(repeating: "ab_", count: 19) + "ab"), ("_", ""), (".hidden", "hidden"),
    ])
    func `A query becomes a name that is safe everywhere`(query: String, slug: String) {
        #expect(PictureNames.slug(query) == slug)
    }

    @Test func `No name twice`() {
        var names = PictureNames(taken: ["projects/p/images/a_20241201_143022.jpg", "projects/p/images/a_20241201_143022_2.png"], at: ImportFixture.date)
        let made = ["a", "A!", "b", "", "長城"].map { names.next(for: $0) }
        #expect(
            made == ["a_20241201_143022_3", "a_20241201_143022_4", "b_20241201_143022", "picture_20241201_143022", "picture_20241201_143022_2"])
    }
}
