"""What QGIS makes of layer definitions, of its own provider of OGC API – Features and of vector tiles, as JSON.

Arguments: a folder for pictures, then jobs, each a JSON object: {"qlr": file}, {"oapif": source, "box": [west, south, east, north]} or
{"tiles": source}, with "picture" for the name of one. Needs Debian's python3-qgis.
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QSize, QVariant  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

WORLD = QgsRectangle(-180, -85, 180, 85)
SIZE = QSize(800, 600)


def painted(layers, folder, picture):
    """How many pixels of a picture of the world, or of what the layers say is theirs, are not white."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(SIZE)
    settings.setBackgroundColor(QColor("white"))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    known = [layer.extent() for layer in layers if layer.crs().isGeographic() and not layer.extent().isEmpty()]
    extent = QgsRectangle(known[0]) if known else WORLD
    for more in known[1:]:
        extent.combineExtentWith(more)
    extent.grow(extent.width() / 20)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(os.path.join(folder, f"qgis-{picture}.png"))
    assert not job.errors(), [error.message for error in job.errors()]
    return sum(image.pixel(x, y) != 0xFFFFFFFF for x in range(image.width()) for y in range(image.height()))


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, QVariant):
        return None if value.isNull() else value.value()
    return value.toString("yyyy-MM-dd") if isinstance(value, QDate) else value


def told(layer, box=None):
    """What a layer is, and what is read from it."""
    if not layer.isValid():
        return {"name": layer.name(), "error": layer.error().message() or "not valid"}
    features = list(layer.getFeatures())
    shapes = {QgsWkbTypes.displayString(feature.geometry().wkbType()) for feature in features if feature.hasGeometry()}
    time, renderer, meta = layer.temporalProperties(), layer.renderer(), layer.metadata()
    names = [field.name() for field in layer.fields()]
    first = features[0] if features else None
    answer = {
        "name": layer.name(),
        "provider": layer.providerType(),
        "type": QgsWkbTypes.displayString(layer.wkbType()),
        "system": layer.crs().authid(),
        "degrees": layer.crs().isGeographic(),
        "count": layer.featureCount(),
        "read": len(features),
        "ids": len({feature["id"] for feature in features}) if "id" in names else None,
        "shapes": sorted(shapes),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "first": {name: plain(first[name]) for name in names if not isinstance(plain(first[name]), QVariant)} if first else None,
        "at": [first.geometry().asPoint().x(), first.geometry().asPoint().y()] if first and shapes == {"Point"} else None,
        "time": [time.startField(), time.endField()] if time.isActive() else None,
        "renderer": type(renderer).__name__ if renderer else None,
        "labels": layer.labeling().settings().fieldName if layer.labelsEnabled() else None,
        "title": layer.title(),
        "abstract": layer.abstract(),
        "attribution": layer.attribution(),
        "licences": meta.licenses(),
        "keywords": meta.keywords(),
        "links": [link.url for link in meta.links()],
    }
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        answer["categories"] = {each.value(): [each.label(), each.symbol().color().name()] for each in renderer.categories()}
    if box:
        answer["within"] = sorted(feature["id"] for feature in layer.getFeatures(QgsFeatureRequest().setFilterRect(QgsRectangle(*box))))
    return answer


def definition(job, folder):
    """A layer definition, opened as by a double click."""
    project = QgsProject.instance()
    project.clear()
    opened, error = QgsLayerDefinition.loadLayerDefinition(job["qlr"], project, project.layerTreeRoot())
    assert opened, error
    layers = [node.layer() for node in project.layerTreeRoot().findLayers()]
    answer = {"layers": [told(layer) for layer in layers], "groups": [group.name() for group in project.layerTreeRoot().findGroups()]}
    if "picture" in job:
        answer["painted"] = painted(layers, folder, job["picture"])
    return answer


def tiles(job, folder):
    """Vector tiles, drawn."""
    layer = QgsVectorTileLayer(job["tiles"], "tiles")
    assert layer.isValid(), job
    renderer = QgsVectorTileBasicRenderer()
    ink = QColor("black")
    renderer.setStyles(QgsVectorTileBasicRenderer.simpleStyle(QColor("khaki"), ink, 0.3, QColor("blue"), 0.5, QColor("red"), ink, 2))
    layer.setRenderer(renderer)
    return {"painted": painted([layer], folder, job["picture"])}


def main(folder, jobs):
    application = QgsApplication([], True)
    application.initQgis()
    said = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, tag, _: said.append(f"{tag}: {text}"))
    answers = []
    for job in jobs:
        if "qlr" in job:
            answers.append(definition(job, folder))
        elif "oapif" in job:
            answers.append(told(QgsVectorLayer(job["oapif"], "layer", "OAPIF"), job.get("box")))
        else:
            answers.append(tiles(job, folder))
        QgsProject.instance().clear()
    print(json.dumps({"answers": answers, "said": said}, default=str))
    application.exitQgis()


main(sys.argv[1], [json.loads(job) for job in sys.argv[2:]])
