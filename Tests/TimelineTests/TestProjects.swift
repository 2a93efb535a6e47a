import JSON
import Timeline

let fullHD = PictureSize(width: 1920, height: 1080)
let fps24 = FrameRate(numerator: 24, denominator: 1)!

func read(_ text: String, fallbackID: String? = nil) -> (project: Project?, diagnostics: [Diagnostic]) {
    Project.read(Array(text.utf8), fallbackID: fallbackID)
}

/// A timeline of a manifest that must be good, its pictures all of one size unless sizes are given.
func timeline(
    _ text: String, size: PictureSize = PictureSize(width: 3000, height: 2000), sizes: [PictureSize]? = nil,
    narration: Double? = nil, output: PictureSize = fullHD, rate: FrameRate = fps24
) throws -> Timeline {
    let (project, diagnostics) = read(text)
    guard let project else { throw UnexpectedDiagnostics(diagnostics: diagnostics) }
    return try Timeline(
        project: project, pictureSizes: sizes ?? project.pictures.map { _ in size }, narrationSeconds: narration,
        outputSize: output, frameRate: rate)
}

struct UnexpectedDiagnostics: Error { let diagnostics: [Diagnostic] }

/// One shot of a given motion, long enough to look at closely.
func shot(
    motion: String, size: PictureSize = PictureSize(width: 3000, height: 2000), style: String = "{}",
    seconds: Double = 10, output: PictureSize = fullHD
) throws -> (shot: Shot, diagnostics: [Diagnostic]) {
    let made = try timeline(
        """
        {"project_id": "p", "style": \(style), "segments": [{"start": 0, "end": \(seconds),
          "generated_images": [{"s3_key": "a.jpg", "motion": \(motion)}]}]}
        """, size: size, output: output)
    return (made.shots[0], made.diagnostics)
}

/// What leaves the picture, in fractions of it; 0 or less when the view is inside.
func excess(_ view: Viewport) -> Double {
    max(-view.left, view.right - 1, -view.top, view.bottom - 1)
}

func isClose(_ a: Double, _ b: Double, within tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance }

let earthrise = """
    {
      "project_id": "earthrise", "created_at": "2026-11-23T00:00:00Z",
      "audio_file": "projects/earthrise/audio/narration.mp3", "duration": 39.542, "word_count": 109,
      "segments": [
        {"id": 0, "start_time": 0, "end_time": 7.106,
         "text": "In nineteen seventy two, a crew on their way to the moon looked back and saw the whole Earth at once.",
         "image_queries": ["whole earth"],
         "generated_images": [{"s3_key": "projects/earthrise/images/blue-marble.jpg",
           "s3_url": "s3://burns-videos/projects/earthrise/images/blue-marble.jpg",
           "query": "whole earth", "provider": "nasa", "width": 3840, "height": 1920}]},
        {"id": 1, "start_time": 7.106, "end_time": 14.612,
         "text": "From that distance there are no borders. Only oceans, deserts and the thin green line of the forests.",
         "image_queries": ["africa deserts forests"],
         "generated_images": [{"s3_key": "projects/earthrise/images/africa-europe.jpg",
           "s3_url": "s3://burns-videos/projects/earthrise/images/africa-europe.jpg",
           "query": "africa deserts forests", "provider": "nasa", "width": 1700, "height": 1100}]},
        {"id": 2, "start_time": 14.612, "end_time": 20.865,
         "text": "The Amazon breathes for half a continent, and the Andes stand beside it like a wall.",
         "image_queries": ["amazon andes"],
         "generated_images": [{"s3_key": "projects/earthrise/images/south-america.jpg",
           "s3_url": "s3://burns-videos/projects/earthrise/images/south-america.jpg",
           "query": "amazon andes", "provider": "nasa", "width": 1100, "height": 1500}]},
        {"id": 3, "start_time": 20.865, "end_time": 25.822,
         "text": "In Asia the roof of the world gathers the snow that a billion people drink.",
         "image_queries": ["himalaya snow"],
         "generated_images": [{"s3_key": "projects/earthrise/images/himalaya-asia.jpg",
           "s3_url": "s3://burns-videos/projects/earthrise/images/himalaya-asia.jpg",
           "query": "himalaya snow", "provider": "nasa", "width": 1500, "height": 1000}]},
        {"id": 4, "start_time": 25.822, "end_time": 31.554,
         "text": "It takes a rocket, and a great deal of courage, to see home like this.",
         "image_queries": ["rocket launch"],
         "generated_images": [{"s3_key": "projects/earthrise/images/rocket-launch.jpg",
           "s3_url": "s3://burns-videos/projects/earthrise/images/rocket-launch.jpg",
           "query": "rocket launch", "provider": "nasa", "width": 640, "height": 427}]},
        {"id": 5, "start_time": 31.554, "end_time": 39.542,
         "text": "And when we turn the camera the other way, every point of light is a galaxy.",
         "image_queries": ["deep field galaxies"],
         "generated_images": [{"s3_key": "projects/earthrise/images/hubble-deep-field.jpg",
           "s3_url": "s3://burns-videos/projects/earthrise/images/hubble-deep-field.jpg",
           "query": "deep field galaxies", "provider": "nasa", "width": 1000, "height": 872}]}
      ]
    }
    """
let earthriseSizes = [
    (3840, 1920), (1700, 1100), (1100, 1500), (1500, 1000), (640, 427), (1000, 872),
].map { PictureSize(width: $0.0, height: $0.1) }
