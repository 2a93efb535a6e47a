import AWS
import ProjectImport
import Testing

@Suite struct PictureNamesTests {
    @Test(arguments: [
        ("Modern smartphone", "modern_smartphone"), ("  tech -- workspace! ", "tech_workspace"), ("長城", ""), ("", ""),
        ("Zürich, Café Ølberg", "zurich_cafe_olberg"), ("Zu\u{308}rich", "zurich"), ("STRASSE / Straße", "strasse_strasse"),
        ("Ægir & Œuvre", "aegir_oeuvre"), ("../../etc/passwd", "etc_passwd"), ("a\u{0}b\nc\\d", "a_b_c_d"), ("ＡＢＣ", ""),
        ("\u{202E}gpj.exe", "gpj_exe"), ("🚀 rocket 2", "rocket_2"),
        (String(repeating: "ab ", count: 1000), String(repeating: "ab_", count: 19) + "ab"), ("_", ""), (".hidden", "hidden"),
    ])
    func `A query becomes a name that is safe everywhere`(query: String, slug: String) {
        #expect(PictureNames.slug(query) == slug)
    }

    @Test func `No name twice`() {
        let time = "20241201_143022"
        let taken = ["projects/p/images/a_\(time).jpg", "projects/p/images/a_\(time)_2.png"]
        var names = PictureNames(taken: taken, at: ImportFixture.date)
        let made = ["a", "A!", "b", "", "長城"].map { names.next(for: $0) }
        #expect(made == ["a_\(time)_3", "a_\(time)_4", "b_\(time)", "picture_\(time)", "picture_\(time)_2"])
    }
}
